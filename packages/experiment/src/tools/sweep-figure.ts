import { entryAt } from "@kshot/contract";
import type { SweepAxis, SweepPoint } from "./bench-sweep.js";

const titles: Readonly<Record<SweepAxis, string>> = {
  items: "items",
  history: "items of a history",
  tasks: "people",
  workers: "threads",
};

/** Width and height of a panel's axes, and the space around them, in pixels. */
const side = 190;
const left = 58;
const top = 28;
const below = 44;
const lineHeight = 12;

/**
 * A sweep as a picture: one panel for each axis, both scales logarithmic, milliseconds of a meta-iteration by the clock (line) and of
 * processor time (dashed). The dotted line has slope 1: cost in proportion to the axis; for threads slope −1.
 *
 * @param points as `benchSweep` returns them; times > 0
 * @returns an SVG document
 */
export function sweepFigure(points: readonly SweepPoint[]): string {
  const axes = [...new Set(points.map(({ axis }) => axis))];
  const times = points.flatMap(({ milliseconds, processorMilliseconds }) => [milliseconds, processorMilliseconds]);
  const y = scale(times, top + side, top, () => lineHeight);
  const width = axes.length * (left + side) + 16;
  const height = top + side + below;
  const panels = axes.map((axis, i) => {
    const own = points.filter((point) => point.axis === axis);
    return panel(axis, own, y, i * (left + side) + left);
  });
  return `<svg data-kshot="sweep" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11">
<title>Milliseconds of a meta-iteration by ${axes.map((axis) => titles[axis]).join(", ")}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="8" y="14">milliseconds of a meta-iteration: by the clock (line), of processor time (dashed); dotted: in proportion</text>
${panels.join("\n")}
</svg>
`;
}

interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
  readonly low: number;
  readonly high: number;
}

/** Ticks of an axis, the closest first: first digits, and the distance of their powers of ten. */
const grids = [
  { digits: [1, 2, 5], stride: 1 },
  { digits: [1, 5], stride: 1 },
  ...[1, 2, 3, 4].map((stride) => ({ digits: [1], stride })),
] as const;

/**
 * Powers of ten with 1, 2 and 5, or fewer where labels along the axis would overlap; the range of the values, a tenth wider.
 *
 * @param needs pixels that a label needs along the axis
 */
function scale(values: readonly number[], from: number, to: number, needs: (label: string) => number): Scale {
  const low = Math.min(...values) / 1.1;
  const high = Math.max(...values) * 1.1;
  const at = (value: number) => from + ((to - from) * Math.log(value / low)) / Math.log(high / low);
  const ticksOf = ({ digits, stride }: (typeof grids)[number]) => {
    const ticks: number[] = [];
    const first = stride * Math.floor(Math.log10(low) / stride);
    for (let power = first; 10 ** power <= high; power += stride) {
      for (const digit of digits) {
        const tick = digit * 10 ** power;
        if (tick >= low && tick <= high) ticks.push(tick);
      }
    }
    return ticks;
  };
  const overlaps = (ticks: readonly number[]) =>
    ticks.slice(1).some((tick, i) => {
      const before = entryAt(ticks, i);
      return Math.abs(at(tick) - at(before)) < (needs(written(tick)) + needs(written(before))) / 2;
    });
  const ticks = ticksOf(grids.find((grid) => !overlaps(ticksOf(grid))) ?? entryAt(grids, grids.length - 1));
  return { at, ticks, low, high };
}

function panel(axis: SweepAxis, points: readonly SweepPoint[], y: Scale, begin: number): string {
  const x = scale(
    points.map(({ value }) => value),
    begin,
    begin + side,
    widthOf,
  );
  const bottom = top + side;
  const line = (of: (point: SweepPoint) => number, style: string) =>
    `<polyline fill="none" stroke="#1b5fa8" ${style} points="${points.map((point) => `${round(x.at(point.value))},${round(y.at(of(point)))}`).join(" ")}"/>`;
  return [
    `<path d="M${begin} ${top}V${bottom}H${begin + side}" fill="none" stroke="#444"/>`,
    ...y.ticks.map((tick) => label(begin - 4, y.at(tick) + 4, tick, "end")),
    ...x.ticks.map((tick) => label(x.at(tick), bottom + 14, tick, "middle")),
    `<text x="${begin + side / 2}" y="${bottom + 32}" text-anchor="middle">${titles[axis]}</text>`,
    proportional(axis, points, x, y),
    line(({ processorMilliseconds }) => processorMilliseconds, 'stroke-dasharray="4 3"'),
    line(({ milliseconds }) => milliseconds, 'stroke-width="2"'),
    ...points.map(
      (point) =>
        `<circle cx="${round(x.at(point.value))}" cy="${round(y.at(point.milliseconds))}" r="2.5" fill="#1b5fa8"/>`,
    ),
  ].join("\n");
}

/** The line of slope ±1 through the last point (for threads, the first), cut at the panel's edges. */
function proportional(axis: SweepAxis, points: readonly SweepPoint[], x: Scale, y: Scale): string {
  const falling = axis === "workers";
  const ends = [entryAt(points, 0), entryAt(points, points.length - 1)] as const;
  const anchor = falling ? ends[0] : ends[1];
  const time = (value: number) => anchor.milliseconds * (falling ? anchor.value / value : value / anchor.value);
  const value = (of: number) =>
    falling ? (anchor.value * anchor.milliseconds) / of : (anchor.value * of) / anchor.milliseconds;
  const [first, last] = [ends[0].value, ends[1].value];
  const begin = Math.max(first, falling ? 0 : value(y.low));
  const end = Math.min(last, falling ? value(y.low) : Number.POSITIVE_INFINITY);
  return `<path d="M${round(x.at(begin))} ${round(y.at(time(begin)))}L${round(x.at(end))} ${round(y.at(time(end)))}" stroke="#888" stroke-dasharray="1 3"/>`;
}

function label(x: number, y: number, value: number, anchor: string): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${written(value)}</text>`;
}

function written(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 2 });
}

/** Pixels of a label in the figure's font, with the space to the next one. */
function widthOf(label: string): number {
  return 6.2 * label.length + 5;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
