import { type ExpertShare, figure, signed } from "@kshot/comparison";
import { scaleLinear } from "d3-scale";
import { axisBelow, signedTick } from "./axis.js";
import { type Cell, cell, cellOr, type Figure, figureOf } from "./figure.js";
import { labelColumn } from "./rows.js";
import { seedColumns, seedMarks, seedWords } from "./seed-marks.js";
import { figureSvg, stripes, svg } from "./svg.js";
import { fit } from "./text-width.js";

/** The value of each expert of a stack: the loss without it minus the loss with it, a mark for each seed, and its weight. */
export function expertsFigure(experts: readonly ExpertShare[], { width = 720 }: { width?: number } = {}): Figure {
  const narrow = width < 520;
  const left = labelColumn(
    experts.map(({ name }) => name),
    narrow ? 150 : 230,
  );
  const right = narrow ? 96 : 130;
  const [line, top] = [28, 28];
  const bottom = top + experts.length * line;
  const ends = experts.flatMap(({ worth, worthBySeed }) => [worth ?? 0, ...worthBySeed]);
  const x = scaleLinear()
    .domain([Math.min(0, ...ends), Math.max(0.001, ...ends)])
    .nice(5)
    .range([left, width - right]);
  const body = svg`${stripes(experts.length, { top, line, width })}${axisBelow(x, { y: bottom, top: top - 6, format: signedTick, ticks: narrow ? 3 : 6, label: "loss without it minus loss with it, nats per pair" })}
    <text x="${width - 4}" y="16" text-anchor="end" fill="var(--muted)">value, weight</text>
    ${experts.map(({ name, weight, worth, worthBySeed }, i) => {
      const y = top + i * line + line / 2;
      const tip = `${name}: ${worth === null ? "not measured separately" : `without it the loss is ${signed(worth, 4)}${seedWords(worthBySeed, (value) => signed(value, 4))}`}; weight ${figure(weight)}`;
      return svg`<g data-tip="${tip}"><rect x="0" y="${y - line / 2}" width="${width}" height="${line}" fill="transparent"/><text x="${left - 10}" y="${y + 4}" text-anchor="end" fill="var(--text)">${fit(name, left - 14)}</text>${worth === null ? null : svg`<rect x="${Math.min(x(0), x(worth))}" y="${y - 8}" width="${Math.abs(x(worth) - x(0))}" height="16" fill="var(--accent)" opacity="0.75"/>`}${seedMarks(worthBySeed, { x, y, colour: "var(--text)", height: 16 })}<text x="${width - 4}" y="${y + 4}" text-anchor="end" fill="var(--text)">${worth === null ? "–" : signed(worth, 3)}, ${figure(weight, 2)}</text></g>`;
    })}<line x1="${x(0)}" x2="${x(0)}" y1="${top - 6}" y2="${bottom}" stroke="var(--text)" stroke-width="1.5"/>`;
  const seeds = seedColumns(experts, ({ worthBySeed }) => worthBySeed);
  const cells = (head: readonly string[], each: (expert: ExpertShare) => Cell[]) => ({
    head: ["expert", "weight", "loss without it minus loss", ...head],
    rows: experts.map((expert) => [
      expert.name,
      cell(expert.weight, (value) => figure(value)),
      cellOr(expert.worth, (value) => signed(value, 4)),
      ...each(expert),
    ]),
  });
  return figureOf(
    figureSvg(width, bottom + 42, "Value of each expert of the stack", body),
    () => cells(["each seed"], ({ worthBySeed }) => [worthBySeed.map((value) => signed(value, 4)).join(" ")]),
    () => cells(seeds.head, seeds.cells),
  );
}
