import { signed, whole } from "@kshot/comparison";
import type { Interval } from "@kshot/contract";
import { scaleLinear, scaleLog } from "d3-scale";
import { axisBelow, axisLeft, signedTick } from "./axis.js";
import { cell, type Figure, figureOf } from "./figure.js";
import { figureSvg, seriesColour, svg } from "./svg.js";
import { fit, textWidth } from "./text-width.js";

/** Seconds that the axis marks: of a tenth of a second, seconds, minutes and hours. */
const times = [0.1, 1, 60, 3600].flatMap((unit, i) =>
  (i < 1 ? [1, 2, 5] : i === 3 ? [1, 2, 5, 10, 20, 50, 100] : [1, 2, 5, 10, 20, 30]).map((count) => count * unit),
);

/** One method: the time of its training, and its gain. */
export interface CostRow {
  readonly title: string;
  /** Index of its colour. */
  readonly colour: number;
  /** Mean over seeds, above 0. */
  readonly seconds: number;
  /** Gain over the reference; for the reference itself 0 without an interval. */
  readonly gain: Interval;
}

/** Gain over the reference against the time of one training, on a log axis. Each point has its name. */
export function costFigure(
  rows: readonly CostRow[],
  { metric, baseline, width = 720 }: { metric: string; baseline: string; width?: number },
): Figure {
  const [left, right, top, bottom] = [60, 16, 34, 290];
  const seconds = rows.map((row) => row.seconds);
  const [fastest, slowest] = [Math.min(...seconds), Math.max(...seconds)];
  const x = scaleLog()
    .domain([fastest / 1.6, slowest * 1.6])
    .range([left, width - right]);
  const ends = rows.flatMap(({ gain }) => [gain.low, gain.high]);
  const y = scaleLinear()
    .domain([Math.min(-0.005, ...ends), Math.max(0.005, ...ends)])
    .nice(5)
    .range([bottom, top]);
  const ticks = times.filter((time) => time >= fastest / 1.6 && time <= slowest * 1.6);
  // Names are placed from left to right; one that would touch an earlier one moves to the nearest free height in the figure.
  const placed: { x: number; y: number; width: number }[] = [];
  const points = [...rows]
    .sort((a, b) => a.seconds - b.seconds)
    .map((row) => {
      const [cx, cy] = [x(row.seconds), y(row.gain.value)];
      const text = fit(row.title, 150);
      const wide = textWidth(text);
      const onLeft = cx + 10 + wide > width - 4;
      const textX = onLeft ? cx - 9 - wide : cx + 9;
      const isFree = (at: number) =>
        !placed.some(
          (one) => Math.abs(one.y - at) < lineHeight && textX < one.x + one.width + 4 && one.x < textX + wide + 4,
        );
      const inFigure = heights(cy + 4).filter((at) => at > top && at < bottom - 4);
      const textY = inFigure.find(isFree) ?? below(bottom + 50).find(isFree) ?? bottom + 50;
      placed.push({ x: textX, y: textY, width: wide });
      const colour = seriesColour(row.colour);
      const tip = `${row.title}: ${timeWords(row.seconds)} of training, ${signed(row.gain.value, 4)} ${metric} to ${baseline}, 95 % ${signed(row.gain.low)} to ${signed(row.gain.high)}`;
      return svg`<g data-tip="${tip}"><line x1="${cx}" x2="${cx}" y1="${y(row.gain.low)}" y2="${y(row.gain.high)}" stroke="${colour}" stroke-width="2" opacity="0.7"/><circle cx="${cx}" cy="${cy}" r="5" fill="${colour}"/><text x="${textX}" y="${textY}" fill="var(--text)">${text}</text></g>`;
    });
  const height = Math.max(bottom, ...placed.map((one) => one.y)) + 42;
  return figureOf(
    figureSvg(
      width,
      height,
      `Gain in ${metric} over ${baseline} against training time`,
      svg`${axisLeft(y, { x: left, right: width - right, format: signedTick, ticks: 5, label: `${metric} to ${baseline}` })}${axisBelow(x, { y: bottom, top, format: (value) => timeWords(value), ticks, label: "time of one training, log axis" })}<line x1="${left}" x2="${width - right}" y1="${y(0)}" y2="${y(0)}" stroke="var(--text)"/>${points}`,
    ),
    () => ({
      head: ["method", "seconds of one training", `gain in ${metric}`, "gain low", "gain high"],
      rows: rows.map(({ title, seconds: own, gain }) => [
        title,
        cell(own, (value) => value.toPrecision(3)),
        ...[gain.value, gain.low, gain.high].map((value) => cell(value, (one) => signed(one, 4))),
      ]),
    }),
  );
}

const lineHeight = 13;

/** Heights at lines below and above, the nearest first. */
function heights(from: number): number[] {
  return Array.from({ length: 41 }, (_, i) => from + lineHeight * Math.ceil(i / 2) * (i % 2 === 0 ? -1 : 1));
}

function below(from: number): number[] {
  return Array.from({ length: 100 }, (_, i) => from + lineHeight * i);
}

/** `0.5 s`, `12 s`, `3 min`, `2 h`. */
export function timeWords(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toPrecision(2))} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${whole(Math.round(seconds / 60))} min`;
  return `${whole(Math.round(seconds / 3600))} h`;
}
