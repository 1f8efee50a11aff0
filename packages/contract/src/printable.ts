/**
 * Characters that a terminal executes or that reorder text: C0 and C1 controls, DEL, line and paragraph separators, marks,
 * overrides and isolates of writing direction.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds control characters
const obeyed = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * A name or text from a file in a form that can be shown: characters that a terminal would execute, or that would reorder the
 * text around them, are written as escapes, `\u{1b}[2J`. All other characters are unchanged.
 *
 * @param text any text
 * @param options `lines: true` keeps line breaks and tabs, for text of several lines
 * @returns the text with escapes
 */
export function printable(text: string, { lines = false } = {}): string {
  return text.replace(obeyed, (letter) =>
    lines && (letter === "\n" || letter === "\t") ? letter : `\\u{${letter.charCodeAt(0).toString(16)}}`,
  );
}
