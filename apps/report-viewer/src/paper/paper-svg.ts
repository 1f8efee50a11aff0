import { paperColours } from "../figures/colours.js";
import { escapeMarkup } from "../figures/svg.js";
import { textWidth } from "../figures/text-width.js";

/** Widths of a printed figure: one column and both columns of a paper, in inches. */
export const paperWidths = [3.3, 7] as const;
export type PaperWidth = (typeof paperWidths)[number];

/** Pixels per inch of an SVG; type of 12 pixels is 9 points high in print. */
export const pixelsPerInch = 96;

/** Size of the caption's type, in pixels: 7.5 points. */
const captionSize = 10;

/**
 * A drawn figure as a separate file: light colours written out, a background, no hover areas, and the caption below it.
 *
 * @param svg - a figure of the page.
 * @param inches - width in print; if omitted, the figure has its size in pixels.
 * @param caption - what was measured; empty: none.
 */
export function paperSvg(svg: string, { inches, caption = "" }: { inches?: number; caption?: string } = {}): string {
  const [, w = "720", h = "300"] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  const [width, height] = [Number(w), Number(h)];
  const lines = caption === "" ? [] : wrapped(caption, width - 16);
  const whole = height + (lines.length === 0 ? 0 : lines.length * 14 + 10);
  const texts = lines.map(
    (line, i) =>
      `<text x="8" y="${height + 14 * (i + 1)}" font-size="${captionSize}" fill="var(--muted)">${escapeMarkup(line)}</text>`,
  );
  const size =
    inches === undefined
      ? `width="${width}" height="${whole}"`
      : `width="${inches}in" height="${Math.round((1000 * inches * whole) / width) / 1000}in"`;
  return (
    svg
      // Hover areas and tips are left out.
      .replace(/<g class="column".*?<\/g>|<rect class="strip"[^>]*\/>/gs, "")
      .replace(/ data-(tip|about|series)="[^"]*"/g, "")
      .replace(/viewBox="[^"]*" width="\d+" height="\d+"/, `viewBox="0 0 ${width} ${whole}" ${size}`)
      .replace(">", `><rect width="${width}" height="${whole}" fill="var(--page)"/>`)
      .replace(/<\/svg>$/, `${texts.join("")}</svg>`)
      .replace(/var\((--[\w-]+)\)/g, (_, name: string) => paperColours[name] ?? "#000")
  );
}

/** A text in lines of at most so many pixels. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`, captionSize) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
