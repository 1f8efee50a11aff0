/** The median of some numbers; of an even number, the upper one of the two in the middle. */
export function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}
