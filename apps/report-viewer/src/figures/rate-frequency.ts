import { whole } from "@kshot/comparison";
import { scaleLinear, scaleLog } from "d3-scale";
import { short } from "../model/format.js";
import type { ItemRates } from "../model/item-rates.js";
import { axisBelow, axisLeft } from "./axis.js";
import { cell, type Figure, figureOf } from "./figure.js";
import { hoverColumns } from "./hover-columns.js";
import { logTicks } from "./log-ticks.js";
import { figureSvg, svg } from "./svg.js";

/** With more items only the medians and the middle halves are drawn. */
const mostDots = 1500;

/** Mean inner rate of each item's row against how often train people took it: a dot per item, and medians of equal parts. */
export function rateFrequencyFigure(tensors: readonly ItemRates[], { width = 720 }: { width?: number } = {}): Figure {
  const columns = width < 520 ? 1 : Math.min(2, tensors.length);
  const wide = width / columns;
  const height = 230;
  const panels = tensors.map(({ name, counts, rates, bins }, i) => {
    const [x0, y0] = [(i % columns) * wide, Math.floor(i / columns) * height];
    const [left, right, top, bottom] = [x0 + 58, x0 + wide - 14, y0 + 30, y0 + height - 46];
    const own = counts.map((count) => count + 1);
    const [fewest, most] = [Math.min(...own) / 1.1, Math.max(...own) * 1.1];
    const x = scaleLog().domain([fewest, most]).range([left, right]);
    const shown = rates.length > mostDots ? bins.flatMap(({ low, high }) => [low, high]) : rates;
    const [least, greatest] = [Math.min(...shown), Math.max(...shown)];
    const y = scaleLinear()
      .domain(greatest > least ? [least, greatest] : [least - 0.5, least + 0.5])
      .nice(4)
      .range([bottom, top]);
    const line = bins.map(
      ({ count, median }, b) => `${b === 0 ? "M" : "L"}${x(count + 1).toFixed(1)} ${y(median).toFixed(1)}`,
    );
    return svg`<g>${axisLeft(y, { x: left, right, format: short, ticks: 4 })}${axisBelow(x, { y: bottom, top: bottom, format: (value) => whole(value), ticks: logTicks(fewest, most), label: "train pairs of the item + 1, log axis" })}
    <text x="${left}" y="${y0 + 16}" fill="var(--text)" font-weight="600">${name}, mean α of each item</text>
    ${rates.length > mostDots ? null : rates.map((rate, item) => svg`<circle cx="${x((counts[item] ?? 0) + 1)}" cy="${y(rate)}" r="2" fill="var(--accent)" opacity="0.35"/>`)}
    ${bins.map(({ count, low, high }) => svg`<line x1="${x(count + 1)}" x2="${x(count + 1)}" y1="${y(low)}" y2="${y(high)}" stroke="var(--second)" stroke-width="2"/>`)}
    <path d="${line.join("")}" fill="none" stroke="var(--second)" stroke-width="2"/>
    ${hoverColumns([bins.map(({ count }) => count + 1)], {
      ...{ x, top, bottom, left, right },
      tip: (_, [bin]) => {
        const part = bins[bin ?? 0];
        return part === undefined
          ? name
          : `${whole(part.items)} items of about ${whole(part.count)} train pairs\nmedian α ${short(part.median)}\nthe middle 50 % ${short(part.low)} to ${short(part.high)}`;
      },
    })}</g>`;
  });
  const rows = Math.ceil(tensors.length / columns);
  return figureOf(
    figureSvg(width, rows * height, "Inner rates against how often train people took the item", panels),
    () => ({
      head: ["tensor", "items", "train pairs, median", "median α", "25 %", "75 %"],
      rows: tensors.flatMap(({ name, bins }) =>
        bins.map(({ items, count, median, low, high }) => [
          name,
          cell(items, whole),
          cell(count, whole),
          ...[median, low, high].map((value) => cell(value, short)),
        ]),
      ),
    }),
    () => ({
      head: ["tensor", "item number", "train pairs", "mean α"],
      rows: tensors.flatMap(({ name, counts, rates }) =>
        rates.map((rate, item) => [name, cell(item, String), cell(counts[item] ?? 0, whole), cell(rate, short)]),
      ),
    }),
  );
}
