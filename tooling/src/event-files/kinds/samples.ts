import type { PlainEvent } from "../count-pairs.js";

export const people = ["1", "2", "3"] as const;
export const start = 1_600_000_000;

/** Three people; a tie, a repeat and a pause that ends a session in each history. */
export const events: readonly PlainEvent[] = people.flatMap((user, u) =>
  (
    [
      ["10", 0],
      ["11", 60],
      ["12", 60],
      ["12", 130],
      ["13", 200],
      ["10", 9000],
      ["14", 9100],
      ["15", 9250 + u],
    ] as const
  ).map(([item, time]) => ({ user, item, time: start + 100_000 * u + time })),
);

export const iso = (time: number) => new Date(time * 1000).toISOString();
/** Lines of fields. */
export function table(
  rows: readonly (readonly (string | number)[])[],
  { mark = ",", end = "\n", header = "user,item,time" as string | null } = {},
): string {
  const lines = rows.map((row) => row.join(mark));
  return [...(header === null ? [] : [header.replaceAll(",", mark)]), ...lines, ""].join(end);
}

export const rows = events.map(({ user, item, time }) => [user, item, time] as const);
export const csv = table(rows);
export const objects = events.map(({ user, item, time }) => ({ user, item, time }));
export const jsonLines = (list: readonly unknown[]) => list.map((value) => `${JSON.stringify(value)}\n`).join("");

/** Names with special characters: separators, quotes, letters beyond ASCII. */
export const careful: readonly PlainEvent[] = events.map((event) => ({
  ...event,
  item: { "10": "a, b", "11": 'say "hi"', "12": "c;d|e\tf", "13": "课程", "14": "naïve" }[event.item] ?? event.item,
}));
export const quoted = (text: string) => (/[",;|\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
export const carefulRows = careful.map(({ user, item, time }) => [user, quoted(item), time] as const);
