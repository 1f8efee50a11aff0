import { entryAt } from "@kshot/contract";

/** Red, green and blue, 0 … 255. */
type Colour = readonly [red: number, green: number, blue: number];

/** Viridis, interpolated between five of its points: perceptually uniform, also in grey and for colour-blind readers. */
const viridis: readonly Colour[] = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];

/** From blue over a light grey to orange: for signed rates, with 0 in the middle (ColorBrewer PuOr, reversed). */
const diverging: readonly Colour[] = [
  [33, 102, 172],
  [146, 197, 222],
  [240, 240, 240],
  [253, 184, 99],
  [179, 88, 6],
];

/** Whether rates have both signs, so that their scale diverges from 0. */
export function isSigned(low: number, high: number): boolean {
  return low < 0 && high > 0;
}

/** The colour of a share of a scale, 0 … 1. */
export function scaleColour(share: number, signed: boolean): string {
  const stops = signed ? diverging : viridis;
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(place));
  const [from, to] = [entryAt(stops, below), entryAt(stops, below + 1)];
  const mix = ([0, 1, 2] as const).map((c) => Math.round(from[c] + (place - below) * (to[c] - from[c])));
  return `#${mix.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * The colours of rates: of both signs diverging, symmetric around 0; otherwise from the lowest to the highest.
 *
 * @param log - whether the scale is logarithmic; only for positive rates
 */
export function rateColours(low: number, high: number, log: boolean): (rate: number) => string {
  if (isSigned(low, high)) {
    const most = Math.max(-low, high);
    return (rate) => scaleColour(0.5 + rate / (2 * most), true);
  }
  const scale = (value: number) => (log ? Math.log(value) : value);
  return (rate) => scaleColour(high > low ? (scale(rate) - scale(low)) / (scale(high) - scale(low)) : 0.5, false);
}
