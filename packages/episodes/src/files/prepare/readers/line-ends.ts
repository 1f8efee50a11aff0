/**
 * Whether lines of a text end in more than one way, as in files combined from several systems.
 *
 * @param text a file's beginning
 * @param quotes whether line ends between quotes belong to a field
 */
export function endsMixedLines(text: string, quotes: boolean): boolean {
  // Most files have only LF.
  if (!text.includes("\r")) return false;
  const bare = quotes && text.includes('"') ? text.replace(/"[^"]*"/g, "") : text;
  // A text that was cut between CR and LF has no other end at the cut.
  const ends = new Set(bare.replace(/\r$/, "").match(/\r\n|\r|\n/g));
  return ends.size > 1;
}
