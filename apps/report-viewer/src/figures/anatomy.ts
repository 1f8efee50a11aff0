import { points, signed } from "@kshot/comparison";
import { short } from "../model/format.js";
import { cell, cellOr, type Figure, figureOf } from "./figure.js";
import { rateColours } from "./rate-colours.js";
import { figureSvg, type Markup, svg } from "./svg.js";
import { fit } from "./text-width.js";

/** A part of the network whose rates are drawn as one block. */
export interface AnatomyBlock {
  /** `embedding`, `gru`, `gru-biases`, `head`, `output-bias`: the name of its group in the ablation. */
  readonly group: string;
  readonly title: string;
  readonly rates: number;
  /** Median inner rate; null if none is known. */
  readonly median: number | null;
  /** Gain on the validation people when only this part adapts; null if it was not measured. */
  readonly gain: number | null;
}

/** The network as a diagram from the items to the scores. */
export interface Anatomy {
  readonly blocks: readonly AnatomyBlock[];
  /** Gain when all parts adapt; null if it was not measured. */
  readonly all: number | null;
}

/**
 * The network from left to right: each block has the colour of its median inner rate, and its height grows with the gain on the
 * validation people when only this block adapts. Biases are small blocks below their layer.
 */
export function anatomyFigure(
  { blocks, all }: Anatomy,
  { metric, width = 720 }: { metric: string; width?: number },
): Figure {
  const narrow = width < 520;
  const own = (group: string) => blocks.find((block) => block.group === group);
  const columns = [
    { main: own("embedding"), small: undefined },
    { main: own("gru"), small: own("gru-biases") },
    { main: own("head"), small: own("output-bias") },
  ];
  const medians = blocks.flatMap(({ median }) => median ?? []);
  const colours = rateColours(Math.min(...medians, 0), Math.max(...medians, 0), false);
  const most = Math.max(1e-9, ...blocks.map(({ gain }) => gain ?? 0));
  const tall = (gain: number | null) => (gain === null ? 60 : 26 + 84 * (Math.max(0, gain) / most));
  const ends = narrow ? 46 : 84;
  const between = narrow ? 16 : 34;
  const wide = (width - 2 * ends - 4 * between) / 3;
  const middle = 108;
  const under = 176;
  const words = (block: AnatomyBlock, x: number, y: number) => {
    const alone = block.gain === null ? "" : `${points(block.gain)}${narrow ? "" : " points"}`;
    const title = narrow ? block.title.replace(/ layer$/, "") : block.title;
    const rate = block.median === null ? "no rates" : `${narrow ? "" : "median "}α ${short(block.median)}`;
    return svg`<text x="${x}" y="${y}" text-anchor="middle" font-weight="600" fill="var(--text)">${title}</text><text x="${x}" y="${y + 15}" text-anchor="middle" fill="var(--muted)">${rate}</text><text x="${x}" y="${y + 30}" text-anchor="middle" fill="var(--muted)">${alone}</text>`;
  };
  const boxOf = (block: AnatomyBlock, x: number, y: number, w: number, h: number): Markup => {
    const tip = [
      `${block.title}: ${block.rates} rates${block.median === null ? "" : `, median α ${short(block.median)}`}`,
      block.gain === null
        ? "its separate gain was not measured"
        : `if only this part adapts: ${signed(block.gain, 4)} ${metric} on the validation people`,
    ].join("\n");
    return svg`<rect data-tip="${tip}" x="${x}" y="${y}" width="${w}" height="${h}" rx="5" fill="${block.median === null ? "var(--grid)" : colours(block.median)}" stroke="var(--text)"/>`;
  };
  const arrow = (x: number) =>
    svg`<path d="M${x} ${middle}h${between - 6}m-5 -4l5 4l-5 4" fill="none" stroke="var(--muted)" stroke-width="1.5"/>`;
  const body = svg`<text x="${ends - 6}" y="${middle + 4}" text-anchor="end" fill="var(--muted)">${narrow ? "items" : "items taken"}</text>
    ${columns.map(({ main, small }, i) => {
      const x = ends + between + i * (wide + between);
      const h = main === undefined ? 0 : tall(main.gain);
      return svg`${arrow(x - between + 3)}${main === undefined ? null : svg`${boxOf(main, x, middle - h / 2, wide, h)}${words(main, x + wide / 2, under)}`}${
        small === undefined
          ? null
          : svg`${boxOf(small, x + wide / 2 - 28, under + 42, 56, 8 + 24 * (Math.max(0, small.gain ?? 0.5 * most) / most))}${words(small, x + wide / 2, under + 92)}`
      }`;
    })}${arrow(width - ends - between + 3)}<text x="${width - ends + 6}" y="${middle + 4}" fill="var(--muted)">${narrow ? "scores" : "item scores"}</text>
    <text x="8" y="18" fill="var(--muted)">${fit(blocks.every(({ gain }) => gain === null) ? "Equal heights: gains of single parts were not measured." : all === null ? "" : `All parts together: ${points(all)} points of ${metric} on the validation people.`, width - 16)}</text>`;
  const height = under + (columns.some(({ small }) => small !== undefined) ? 132 : 40);
  return figureOf(figureSvg(width, height, "The network's parts by inner rate and gain", body), () => ({
    head: ["part", "rates", "median α", `gain in ${metric} if only this part adapts`],
    rows: [
      ...blocks.map(({ title, rates, median, gain }) => [
        title,
        cell(rates, String),
        cellOr(median, short),
        cellOr(gain, (value) => signed(value, 4)),
      ]),
      ["all", null, null, cellOr(all, (value) => signed(value, 4))],
    ],
  }));
}
