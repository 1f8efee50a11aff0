import { type Markup, svg } from "./svg.js";

/**
 * Numbers at the ends of curves, in the curves' colours, moved up or down so that they do not overlap. No lines connect them,
 * because such a line would look like data.
 */
export function endNumbers(
  ends: readonly { readonly text: string; readonly x: number; readonly y: number; readonly colour: string }[],
  { top, bottom }: { top: number; bottom: number },
): Markup {
  const gap = Math.min(13, (bottom - top) / Math.max(1, ends.length));
  const placed = [...ends].sort((a, b) => a.y - b.y).map((end) => ({ ...end, at: end.y }));
  // First each number moves below the one above it, then the last numbers move up from the bottom.
  let above = Number.NEGATIVE_INFINITY;
  for (const end of placed) {
    end.at = Math.max(end.at, above);
    above = end.at + gap;
  }
  let below = bottom;
  for (const end of placed.reverse()) {
    end.at = Math.min(end.at, below);
    below = end.at - gap;
  }
  return svg`${placed.map(
    ({ text, x, at, colour }) =>
      svg`<text class="end" x="${x + 7}" y="${at + 4}" fill="${colour}" font-weight="700">${text}</text>`,
  )}`;
}
