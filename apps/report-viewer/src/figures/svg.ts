import { entryAt } from "@kshot/contract";
/** Finished markup; all other values in a template are escaped. */
export class Markup {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

type Part = Markup | string | number | null | undefined | readonly Part[];

/**
 * SVG from a template: numbers are rounded to a hundredth, text is escaped, markup and lists of markup are inserted unchanged.
 */
export function svg(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  let text = "";
  for (const [i, string] of strings.entries()) text += string + write(parts[i]);
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
  if (!/[&<>"']/.test(text)) return text;
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

/**
 * The hues of Okabe & Ito (2008), made lighter or darker until each has a contrast of 3 : 1 on the page and every two are
 * distinguishable for every kind of colour vision, and a grey. The style sheet has them for a bright and for a dark page.
 */
export const seriesColours = [1, 2, 3, 4, 5, 6, 7].map((i) => `var(--series-${i})`);

/** Dashes differ too, for readers who cannot distinguish the colours. */
const dashes = ["", "8 3", "3 2", "10 3 3 3", "14 3", "6 2 2 2 2 2", "5 4"];

export function seriesColour(index: number): string {
  return entryAt(seriesColours, index % seriesColours.length);
}

/** Dashes shift by one at each round of colours: 49 distinct pairs. */
export function seriesDash(index: number): string {
  return entryAt(dashes, (index + Math.floor(index / seriesColours.length)) % dashes.length);
}

/** Background of every other row, below grid and marks. */
export function stripes(rows: number, { top, line, width }: { top: number; line: number; width: number }): Markup {
  return svg`${Array.from({ length: Math.ceil(rows / 2) }, (_, i) => svg`<rect x="0" y="${top + 2 * i * line}" width="${width}" height="${line}" fill="var(--stripe)"/>`)}`;
}
