import { type Markup, svg } from "./svg.js";

/** Numbers at the curves' ends, moved so that they do not overlap. */
export function endNumbers(
  ends: readonly { readonly text: string; readonly x: number; readonly y: number; readonly colour: string }[],
  { x, top, bottom }: { x: number; top: number; bottom: number },
): Markup {
  const gap = Math.min(13, (bottom - top) / Math.max(1, ends.length));
  const placed = [...ends].sort((a, b) => a.y - b.y).map((end) => ({ ...end, at: end.y }));
  // First each moves down below the one above, then the last ones move up from the bottom.
  placed.forEach((end, i) => {
    if (i > 0) end.at = Math.max(end.at, placed[i - 1]!.at + gap);
  });
  placed.reverse().forEach((end, i) => {
    end.at = Math.min(end.at, i === 0 ? bottom : placed[i - 1]!.at - gap);
  });
  return svg`${placed.map(
    ({ text, x: from, y, at, colour }) =>
      svg`<path d="M${from} ${y}L${x - 2} ${at}" fill="none" stroke="${colour}" stroke-width="1" opacity="0.6"/><text x="${x}" y="${at + 4}" fill="var(--text)" font-weight="600">${text}</text>`,
  )}`;
}
