/** A table as data, for the terminal and the page. */
export interface Table {
  /** Lines above the table. */
  readonly title: readonly string[];
  /** One or two rows of headings. */
  readonly head: readonly (readonly string[])[];
  readonly rows: readonly (readonly string[])[];
  /** Rows below a separate rule. */
  readonly foot?: readonly (readonly string[])[];
  /** Lines below the table. */
  readonly notes?: readonly string[];
}

/** A table as aligned text: the first column to the left, the others to the right, rules around the headings and the end. */
export function textTable({ title, head, rows, foot = [], notes = [] }: Table, { closed = true } = {}): string {
  const all = [...head, ...rows, ...foot];
  const columns = Math.max(...all.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...all.map((row) => (row[column] ?? "").length)),
  );
  const line = (row: readonly string[]) =>
    widths
      .map((width, column) => (column === 0 ? (row[0] ?? "").padEnd(width) : (row[column] ?? "").padStart(width)))
      .join("  ")
      .trimEnd();
  const rule = "─".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [
    ...title,
    rule,
    ...head.map(line),
    rule,
    ...rows.map(line),
    ...(foot.length > 0 ? [rule, ...foot.map(line)] : []),
    ...(closed ? [rule] : []),
    ...notes,
  ].join("\n");
}
