import { type Markup, svg } from "./svg.js";
import { fit, textWidth } from "./text-width.js";

/** The legend above curves: a sample of each line and its name, as many per row as there is space for. */
export function legendOf(
  entries: readonly { readonly text: string; readonly colour: string; readonly dash: string }[],
  { left, width }: { left: number; width: number },
): { readonly markup: Markup; readonly height: number } {
  const widest = Math.max(0, ...entries.map(({ text }) => textWidth(text))) + 30 + 18;
  const columns = Math.max(1, Math.min(entries.length, Math.floor(width / widest)));
  const column = Math.min(widest, width / columns);
  return {
    height: Math.ceil(entries.length / columns) * 18,
    markup: svg`<g class="legend">${entries.map(
      ({ text, colour, dash }, i) =>
        svg`<g transform="translate(${left + (i % columns) * column} ${14 + Math.floor(i / columns) * 18})"><line x1="0" x2="24" y1="-4" y2="-4" stroke="${colour}" stroke-width="2.5" stroke-dasharray="${dash}"/><text x="30" y="0" fill="var(--text)">${fit(text, column - 34)}</text></g>`,
    )}</g>`,
  };
}
