/** The reason why a text is not JSON, from the parser's message; browsers word it differently. */
export function whyNotJson(text: string, message: string): string {
  const at = placeOf(text, message);
  const near = at === undefined ? "" : text.slice(Math.max(0, at - 1), at + 10);
  if (/^.?-?(NaN|Infinity)\b/.test(near) || /Unexpected (token '[NI]'|identifier "-?(NaN|Infinity))/.test(message)) {
    return "holds NaN or Infinity, which JSON does not have and no result should. Train again, or repair the file.";
  }
  const ended =
    /end of (JSON|data|input)|unterminated|EOF/i.test(message) || (at !== undefined && at >= text.trimEnd().length);
  return `is not JSON${ended ? "; it ends in the middle, like a truncated file" : ""} (${message}).`;
}

/** Position of the parser's error, in characters from the start. */
function placeOf(text: string, message: string): number | undefined {
  const position = /position (\d+)/.exec(message);
  if (position) return Number(position[1]);
  const lined = /line (\d+) column (\d+)/.exec(message);
  if (!lined) return undefined;
  let start = 0;
  for (let line = 1; line < Number(lined[1]); line++) start = text.indexOf("\n", start) + 1;
  return start + Number(lined[2]) - 1;
}
