import { jsonErrorPosition } from "@kshot/contract";

/** The reason why a text is not JSON, with the position of its first mistake. */
export function whyNotJson(text: string): string {
  const { line, column, found, truncated } = jsonErrorPosition(text);
  if (/^"-?(NaN|Infinity)\b/.test(found)) {
    return "holds NaN or Infinity. JSON has no such values, and results must not contain them. Train again, or repair the file.";
  }
  const ended = truncated ? "; it ends in the middle, like a truncated file" : "";
  return `is not JSON${ended} (line ${line}, column ${column}: ${found}).`;
}
