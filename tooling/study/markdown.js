/** Figures and tables of docs/study.md as Markdown. */

/** `.373`; a minus sign instead of a hyphen. */
export function figure(value, digits = 3) {
  return value
    .toFixed(digits)
    .replace(/^(-?)0\./, "$1.")
    .replace("-", "−");
}

/** `+.019` */
export function signed(value, digits = 3) {
  return value < 0 ? figure(value, digits) : `+${figure(value, digits)}`;
}

/** `+.019 [+.008, +.037]` */
export function interval({ value, low, high }, digits = 3) {
  return `${signed(value, digits)} [${signed(low, digits)}, ${signed(high, digits)}]`;
}

/** `.373 [.299, .460]` */
export function estimate({ value, low, high }, digits = 3) {
  return `${figure(value, digits)} [${figure(low, digits)}, ${figure(high, digits)}]`;
}

/** A difference of shares in points: `+13.1 [+12.2, +13.9]`. */
export function points({ value, low, high }) {
  const of = (share) => {
    const text = (100 * share).toFixed(1).replace("-", "−");
    return share > 0 && text !== "0.0" ? `+${text}` : text.replace("−0.0", "0.0");
  };
  return `${of(value)} [${of(low)}, ${of(high)}]`;
}

/** Rows of cells as a table whose first column is text. */
export function table(head, rows) {
  const row = (cells) => `| ${cells.join(" | ")} |`;
  return [row(head), row(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(row)].join("\n");
}
