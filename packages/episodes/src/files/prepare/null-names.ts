/** Names that programs write for missing values. */
const nullNames: ReadonlySet<string> = new Set([
  "na",
  "n/a",
  "#n/a",
  "<na>",
  "nan",
  "null",
  "none",
  "nil",
  "undefined",
  "nat",
  "\\n",
  "(null)",
]);

/** Whether a text is a common text for a missing value. */
export function isNullName(text: string): boolean {
  return nullNames.has(text.toLowerCase());
}
