import type { ScaleContinuousNumeric } from "d3-scale";
import { type Markup, svg } from "./svg.js";

type Scale = ScaleContinuousNumeric<number, number>;

/** A horizontal axis at the bottom with grid lines upwards. */
export function axisBelow(
  scale: Scale,
  {
    y,
    top,
    format,
    ticks = 5,
    label,
  }: { y: number; top: number; format: (value: number) => string; ticks?: number; label: string },
): Markup {
  const [from, to] = scale.range() as [number, number];
  return svg`<g class="axis">${scale
    .ticks(ticks)
    .map(
      (tick) =>
        svg`<line x1="${scale(tick)}" x2="${scale(tick)}" y1="${top}" y2="${y}" stroke="var(--grid)"/><text x="${scale(tick)}" y="${y + 15}" text-anchor="middle" fill="var(--muted)" font-size="11">${format(tick)}</text>`,
    )}<text x="${(from + to) / 2}" y="${y + 32}" text-anchor="middle" fill="var(--muted)">${label}</text></g>`;
}

/** A vertical axis at the left with grid lines to the right. */
export function axisLeft(
  scale: Scale,
  {
    x,
    right,
    format,
    ticks = 4,
    label,
  }: { x: number; right: number; format: (value: number) => string; ticks?: number; label?: string },
): Markup {
  const top = scale.range()[1]!;
  return svg`<g class="axis">${scale
    .ticks(ticks)
    .map(
      (tick) =>
        svg`<line x1="${x}" x2="${right}" y1="${scale(tick)}" y2="${scale(tick)}" stroke="var(--grid)"/><text x="${x - 6}" y="${scale(tick) + 4}" text-anchor="end" fill="var(--muted)" font-size="11">${format(tick)}</text>`,
    )}${label === undefined ? null : svg`<text x="${x}" y="${top - 8}" fill="var(--muted)" text-anchor="start">${label}</text>`}</g>`;
}
