import { whole } from "@kshot/comparison";
import type { ScaleContinuousNumeric } from "d3-scale";
import { type Markup, svg } from "./svg.js";
import { textWidth } from "./text-width.js";

type Scale = ScaleContinuousNumeric<number, number>;

/** The text of a tick; `digits` is the number of decimals that distinguishes all ticks of the axis. */
export type TickFormat = (value: number, digits: number) => string;

/** A tick as a plain number: 0, 0.25, 1,000, with a minus sign (U+2212). */
export const plainTick: TickFormat = (value, digits) => {
  if (value === 0) return "0";
  const [before, after] = Math.abs(value).toFixed(digits).split(".") as [string, string?];
  return `${value < 0 ? "−" : ""}${whole(Number(before))}${after === undefined ? "" : `.${after}`}`;
};

/** The same with the sign of a difference. */
export const signedTick: TickFormat = (value, digits) => (value > 0 ? "+" : "") + plainTick(value, digits);

/** Ticks of an axis whose texts do not touch: their number is reduced until there is space for all. */
export function ticksWithRoom(
  scale: Scale,
  { ticks, format, integers = false }: { ticks: number | readonly number[]; format: TickFormat; integers?: boolean },
): number[] {
  const wanted = typeof ticks === "number" ? undefined : [...ticks];
  if (wanted) return withRoom(scale, wanted, format);
  let found: number[] = [];
  for (let count = ticks as number; count >= 1; count--) {
    found = scale.ticks(count).filter((tick) => !integers || Number.isInteger(tick));
    if (withRoom(scale, found, format).length === found.length) return found;
  }
  return withRoom(scale, found, format);
}

/** Removes each tick that would touch the tick before it; the last tick stays. */
function withRoom(scale: Scale, ticks: readonly number[], format: TickFormat): number[] {
  const digits = digitsOf(ticks);
  const half = (tick: number) => textWidth(format(tick, digits)) / 2;
  const last = ticks.at(-1);
  const kept: number[] = [];
  for (const tick of ticks) {
    const before = kept.at(-1);
    const clear = (a: number, b: number) => Math.abs(scale(b) - scale(a)) >= half(a) + half(b) + 8;
    if (before !== undefined && !clear(before, tick)) continue;
    if (last !== undefined && tick !== last && !clear(tick, last)) continue;
    kept.push(tick);
  }
  return kept;
}

/** Decimals that show every tick exactly, up to six. */
export function digitsOf(ticks: readonly number[]): number {
  for (let digits = 0; digits < 6; digits++) {
    if (ticks.every((tick) => Math.abs(Number(tick.toFixed(digits)) - tick) <= 1e-9 * Math.max(1, Math.abs(tick))))
      return digits;
  }
  return 6;
}

/** A horizontal axis at the bottom with grid lines upwards. */
export function axisBelow(
  scale: Scale,
  {
    y,
    top,
    format = plainTick,
    ticks = 5,
    integers = false,
    label,
  }: {
    y: number;
    top: number;
    format?: TickFormat;
    /** The approximate number of ticks, or the ticks. */
    ticks?: number | readonly number[];
    /** Whether only whole numbers are marked, because there are no values between them. */
    integers?: boolean;
    label: string;
  },
): Markup {
  const [from, to] = scale.range() as [number, number];
  const shown = ticksWithRoom(scale, { ticks, format, integers });
  const digits = digitsOf(shown);
  return svg`<g class="axis">${shown.map(
    (tick) =>
      svg`<line x1="${scale(tick)}" x2="${scale(tick)}" y1="${top}" y2="${y}" stroke="var(--grid)"/><text x="${scale(tick)}" y="${y + 16}" text-anchor="middle" fill="var(--muted)">${format(tick, digits)}</text>`,
  )}<text x="${(from + to) / 2}" y="${y + 34}" text-anchor="middle" fill="var(--muted)">${label}</text></g>`;
}

/** A vertical axis at the left with grid lines to the right. */
export function axisLeft(
  scale: Scale,
  {
    x,
    right,
    format = plainTick,
    ticks = 4,
    label,
    labels = true,
  }: {
    x: number;
    right: number;
    format?: TickFormat;
    ticks?: number | readonly number[];
    label?: string;
    /** Whether the ticks have their numbers. */
    labels?: boolean;
  },
): Markup {
  const [, top] = scale.range() as [number, number];
  const shown = typeof ticks === "number" ? scale.ticks(ticks) : ticks;
  const digits = digitsOf(shown);
  return svg`<g class="axis">${shown.map(
    (tick) =>
      svg`<line x1="${x}" x2="${right}" y1="${scale(tick)}" y2="${scale(tick)}" stroke="var(--grid)"/>${labels ? svg`<text x="${x - 6}" y="${scale(tick) + 4}" text-anchor="end" fill="var(--muted)">${format(tick, digits)}</text>` : null}`,
  )}${label === undefined ? null : svg`<text x="${x}" y="${top - 10}" fill="var(--muted)" text-anchor="start">${label}</text>`}</g>`;
}
