/** Finished markup; whatever else goes into a template is escaped. */
export class Markup {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

type Part = Markup | string | number | null | undefined | readonly Part[];

/** SVG from a template: numbers are rounded to a hundredth, text is escaped, markup and lists of it go in as they are. */
export function svg(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  let text = strings[0]!;
  parts.forEach((part, i) => {
    text += write(part) + strings[i + 1]!;
  });
  return new Markup(text);
}

function write(part: Part): string {
  if (part === null || part === undefined) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "number") return String(Math.round(part * 100) / 100);
  if (typeof part === "string") return escapeMarkup(part);
  return part.map(write).join("");
}

export function escapeMarkup(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A whole figure. Colours are the page's variables; fonts are named so that a saved file looks the same. */
export function figureSvg(width: number, height: number, title: string, body: Part): string {
  const w = Math.round(width);
  const h = Math.round(height);
  return svg`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" role="img" aria-label="${title}" font-family="system-ui, sans-serif" font-size="12">${body}</svg>`
    .text;
}

/** Colours that people with any kind of colour vision tell apart (Okabe & Ito 2008), in an order of their own per theme. */
export const seriesColours = [1, 2, 3, 4, 5, 6, 7].map((i) => `var(--series-${i})`);

export function seriesColour(index: number): string {
  return seriesColours[index % seriesColours.length]!;
}

/** Shapes beside colours, so that colour is never alone. */
export const dashes = ["", "6 3", "2 3", "8 3 2 3", "1 4", "12 4", "4 2 1 2"];

/** Every other row's ground, for the eye to follow; below grid and marks. */
export function stripes(rows: number, { top, line, width }: { top: number; line: number; width: number }): Markup {
  return svg`${Array.from({ length: Math.ceil(rows / 2) }, (_, i) => svg`<rect x="0" y="${top + 2 * i * line}" width="${width}" height="${line}" fill="var(--stripe)"/>`)}`;
}

/** Text of at most so many pixels, at about 6.2 pixels a letter. */
export function fit(text: string, width: number): string {
  const letters = Math.max(3, Math.floor(width / 6.2));
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}
