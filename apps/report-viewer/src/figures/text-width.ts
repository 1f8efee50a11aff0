/** Widths in parts of the font's size, by letter: those of a wide system font, so that a guess is rather too wide. */
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

/** About how many pixels a text takes; nothing is measured, so that a figure is the same everywhere. */
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
