import { alignedLines, columnWidths } from "@kshot/contract";

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
  const lines = alignedLines(all, (column) => column > 0);
  const rule = "─".repeat(columnWidths(all).reduce((sum, width) => sum + width + 2, -2));
  const below = head.length + rows.length;
  return [
    ...title,
    rule,
    ...lines.slice(0, head.length),
    rule,
    ...lines.slice(head.length, below),
    ...(foot.length > 0 ? [rule, ...lines.slice(below)] : []),
    ...(closed ? [rule] : []),
    ...notes,
  ].join("\n");
}
