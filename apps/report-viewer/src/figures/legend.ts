import type { LegendPlace } from "./figure.js";
import { type Markup, svg } from "./svg.js";
import { fit, textWidth } from "./text-width.js";

/** One entry of a legend: a sample of a line, and a text. */
export interface LegendEntry {
  /** The curve's name. */
  readonly title: string;
  readonly text: string;
  readonly colour: string;
  readonly dash: string;
  /** Whether the curve is not drawn: the entry is then pale. */
  readonly hidden?: boolean;
}

/** The legend above curves: a sample of each line and its name, as many per row as there is space for. */
export function legendOf(
  entries: readonly LegendEntry[],
  { left, width }: { left: number; width: number },
): { readonly markup: Markup; readonly height: number; readonly places: readonly LegendPlace[] } {
  const widest = Math.max(0, ...entries.map(({ text }) => textWidth(text))) + 30 + 18;
  const columns = Math.max(1, Math.min(entries.length, Math.floor(width / widest)));
  const column = Math.min(widest, width / columns);
  const at = (i: number) => [left + (i % columns) * column, 14 + Math.floor(i / columns) * 18] as const;
  return {
    height: Math.ceil(entries.length / columns) * 18,
    places: entries.map(({ title }, i) => {
      const [x, y] = at(i);
      return { title, x, y: y - 13, width: column - 8, height: 18 };
    }),
    markup: svg`<g class="legend">${entries.map(({ text, colour, dash, hidden }, i) => {
      const [x, y] = at(i);
      return svg`<g transform="translate(${x} ${y})"${hidden ? svg` opacity="0.4"` : null}><line x1="0" x2="24" y1="-4" y2="-4" stroke="${colour}" stroke-width="2.5" stroke-dasharray="${dash}"/><text x="30" y="0" fill="var(--text)"${hidden ? svg` text-decoration="line-through"` : null}>${fit(text, column - 34)}</text></g>`;
    })}</g>`,
  };
}
