/** Bodies of requests: 64 histories of 3 to 20 items, the same in each run. */
export const histories = Array.from({ length: 64 }, (_, person) =>
  JSON.stringify({
    history: Array.from({ length: 3 + (person % 18) }, (_, i) => `item-${(person * 31 + i * 17 + i * i) % 343}`),
    top: 10,
  }),
);
