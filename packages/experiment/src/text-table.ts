/** Rows as aligned text: the first column to the left, the others to the right, a rule below the head and around it. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const [head, ...body] = rows;
  const widths = head!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd();
  const rule = "─".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [rule, line(head!), rule, ...body.map(line), rule].join("\n");
}
