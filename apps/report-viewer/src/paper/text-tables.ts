import type { Table } from "../figures/figure.js";

/** Characters that LaTeX reads as commands, and signs that text fonts lack. */
const latexSigns: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  "%": "\\%",
  "&": "\\&",
  "#": "\\#",
  _: "\\_",
  $: "\\$",
  "^": "\\textasciicircum{}",
  "~": "\\textasciitilde{}",
  "−": "$-$",
  "–": "--",
  "→": "$\\rightarrow$",
  α: "$\\alpha$",
  "×": "$\\times$",
};

function latex(text: string | number): string {
  return String(text).replace(/[\\{}%&#_$^~−–→α×]/g, (sign) => latexSigns[sign] ?? sign);
}

/** A table for LaTeX with the package booktabs: the first column to the left, the others to the right, the caption below. */
export function latexTable({ head, rows }: Table, caption: string): string {
  const line = (cells: readonly (string | number)[]) => `  ${cells.map(latex).join(" & ")} \\\\`;
  return [
    "% \\usepackage{booktabs}",
    "\\begin{table}",
    "\\centering",
    `\\begin{tabular}{l${"r".repeat(Math.max(0, head.length - 1))}}`,
    "\\toprule",
    line(head),
    "\\midrule",
    ...rows.map(line),
    "\\bottomrule",
    "\\end{tabular}",
    `\\caption{${latex(caption)}}`,
    "\\end{table}",
    "",
  ].join("\n");
}

/** A table for Markdown, with the caption below. */
export function markdownTable({ head, rows }: Table, caption: string): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  const rule = `| ${head.map((_, i) => (i === 0 ? "---" : "--:")).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line), "", caption, ""].join("\n");
}

/** CSV as in RFC 4180. Text that a spreadsheet would read as a formula gets a leading blank. */
export function csvOf({ head, rows }: Table): string {
  const cell = (value: string | number) => {
    const plain = String(value).replaceAll("−", "-");
    const text =
      typeof value === "string" && /^[=+\-@\t]/.test(plain) && !/^[+-]?[\d.]+(e[+-]?\d+)?$/.test(plain)
        ? ` ${plain}`
        : plain;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n");
}
