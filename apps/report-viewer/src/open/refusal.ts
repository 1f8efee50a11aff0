import { otherKind } from "./results-kind.js";

/** Number of characters at a file's beginning and end that are checked before the file is parsed: kshot writes `schema` first. */
export const headLength = 65536;
export const tailLength = 1024;

/** Smaller files are parsed without this check: that is fast, and the message is more exact. */
const quick = 8 * 2 ** 20;

/**
 * Decides from a file's beginning and end whether it can be refused without parsing: parsing a large file blocks the page for
 * seconds.
 *
 * @returns the reason, or null if the file must be parsed.
 */
export function refusal(head: string, tail: string, size: number): string | null {
  const begun = head.trimStart();
  if (begun === "" && size <= headLength) return "the file is empty. A results file of kshot is JSON.";
  if (!/^[{[]/.test(begun)) {
    const shown = begun.slice(0, 20).replace(/[^\x20-\x7e]/g, "·");
    return `is not JSON: it begins with "${shown}${begun.length > 20 ? "…" : ""}", but a results file of kshot begins with {.`;
  }
  if (size <= quick) return null;
  const own =
    /^\{\s*"schema"\s*:\s*"([^"\\]{0,80})"/.exec(begun) ?? /"schema"\s*:\s*"(kshot\.[^"\\]{0,80})"/.exec(begun);
  if (own === null) {
    return `is JSON without a \`schema\` at its beginning, not a results file of kshot. Open files from a run's results/ folder, as metasgd_K5_Q10.json.`;
  }
  const other = otherKind(own[1]);
  if (other !== null) return other;
  return /\}\s*$/.test(tail) ? null : "is not JSON; it ends in the middle, like a truncated file.";
}
