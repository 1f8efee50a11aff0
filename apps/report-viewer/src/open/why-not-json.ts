import { jsonErrorPosition } from "@kshot/contract";

/** The reason why a text is not JSON, with the position of its first mistake. */
export function whyNotJson(text: string): string {
  const { line, column, found, truncated } = jsonErrorPosition(text);
  if (/^"-?(NaN|Infinity)\b/.test(found)) {
    return "holds NaN or Infinity, which JSON does not have and no result should. Train again, or repair the file.";
  }
  const ended = truncated ? "; it ends in the middle, like a truncated file" : "";
  return `is not JSON${ended} (line ${line}, column ${column}: ${found}).`;
}
