/**
 * Widths of letters as parts of the font's size: those of a wide system font, so that an estimate is too wide rather than too
 * narrow.
 */
const kinds: readonly (readonly [letters: RegExp, width: number])[] = [
  [/[mwMW%@—→…]/, 0.95],
  [/[ijl.,:;|'!I· ]/, 0.3],
  [/[frt()[\]/-]/, 0.4],
  [/[A-Z<>=+−~]/, 0.72],
];

const widths = new Map<string, number>();

function widthOf(letter: string): number {
  const known = widths.get(letter);
  if (known !== undefined) return known;
  const width = kinds.find(([letters]) => letters.test(letter))?.[1] ?? 0.61;
  widths.set(letter, width);
  return width;
}

/** Estimated width of a text in pixels; nothing is measured, so that a figure is the same on every machine. */
export function textWidth(text: string, size = 12): number {
  let width = 0;
  for (const letter of text) width += widthOf(letter);
  return width * size;
}

/** A text cut to so many pixels. */
export function fit(text: string, width: number, size = 12): string {
  if (textWidth(text, size) <= width) return text;
  let kept = "";
  for (const letter of text) {
    if (textWidth(`${kept}${letter}…`, size) > width && kept.length >= 2) break;
    kept += letter;
  }
  return `${kept.trimEnd()}…`;
}

/** A text in at most two lines of so many pixels, broken at a space; the second is cut if it is too long. */
export function inTwoLines(text: string, width: number, size = 12): readonly string[] {
  if (textWidth(text, size) <= width) return [text];
  const words = text.split(" ");
  let first = words[0] ?? "";
  let used = 1;
  while (used < words.length && textWidth(`${first} ${words[used]}`, size) <= width) first += ` ${words[used++]}`;
  const rest = words.slice(used).join(" ");
  return rest === "" ? [fit(text, width, size)] : [fit(first, width, size), fit(rest, width, size)];
}
