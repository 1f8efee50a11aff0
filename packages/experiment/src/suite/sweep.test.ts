import type { Suite } from "@kshot/contract/schemas";
import { expect, it } from "vitest";
import { resolveConfig } from "../config/index.js";
import { rungs, sweptSettings } from "./sweep.js";

const suite = (more: Partial<Suite>): Suite => ({
  ...{ format: "kshot.suite/1", seeds: [1], reference: "gru", settings: {} },
  runs: [{ name: "one", algorithms: ["gru"], settings: {} }],
  ...more,
});
const config = (num_meta_iterations: number) =>
  resolveConfig({ preset: "notebook", flags: { metasgd_config: { num_meta_iterations } } });
const halving = (from: number, factor: number) => ({ setting: "metasgd_config.num_meta_iterations", from, factor });

it("a grid has every combination, the last setting changing fastest", () => {
  const sweep = { "a.x": [1, 2], "a.y": ["p", "q"] };
  expect(sweptSettings(suite({ sweep }))).toEqual(
    [
      [1, "p"],
      [1, "q"],
      [2, "p"],
      [2, "q"],
    ].map(([x, y]) => ({ a: { x, y } })),
  );
  expect(sweptSettings(suite({}))).toEqual([]);
});

it("draws are inside their ranges and evenly spread; more draws do not change the first ones, another seed all", () => {
  const sweep: Suite["sweep"] = {
    l: { log: [0.001, 1000] },
    u: { uniform: [-1, 3] },
    w: { whole: [2, 4] },
    v: ["a", "b"],
  };
  const draws = sweptSettings(suite({ sweep, draws: 3000 })) as unknown as {
    l: number;
    u: number;
    w: number;
    v: string;
  }[];
  const share = (holds: (one: (typeof draws)[number]) => boolean) => draws.filter(holds).length / draws.length;
  // Standard error of a share of 3000 draws: at most 0.0092; five of them.
  expect(Math.abs(share(({ l }) => l < 1) - 1 / 2)).toBeLessThan(0.046);
  expect(Math.abs(share(({ u }) => u < 0) - 1 / 4)).toBeLessThan(0.046);
  expect(Math.abs(share(({ v }) => v === "a") - 1 / 2)).toBeLessThan(0.046);
  for (const whole of [2, 3, 4]) expect(Math.abs(share(({ w }) => w === whole) - 1 / 3)).toBeLessThan(0.046);
  expect(share(({ l, u, w }) => l >= 0.001 && l <= 1000 && u >= -1 && u <= 3 && w >= 2 && w <= 4)).toBe(1);
  expect(sweptSettings(suite({ sweep, draws: 5 }))).toEqual(draws.slice(0, 5));
  expect(sweptSettings(suite({ sweep, draws: 5, draw_seed: 2 }))[0]).not.toEqual(draws[0]);
});

it.each<[string, Partial<Suite>, RegExp]>([
  ["a range without draws", { sweep: { x: { log: [1, 2] } } }, /the range .* without draws/],
  ["draws without a sweep", { draws: 3 }, /sweep: none/],
  ["too many combinations", { sweep: { x: Array(200).fill(1), y: Array(51).fill(1) } }, /more than 10000 combinations/],
])("refuses %s", (_, more, message) => {
  expect(() => sweptSettings(suite(more))).toThrow(message);
});

it.each<[number, number, number, number, [number, number][]]>([
  [
    9,
    10,
    3,
    90,
    [
      [9, 10],
      [3, 30],
      [1, 90],
    ],
  ],
  [
    10,
    10,
    3,
    1000,
    [
      [10, 10],
      [4, 30],
      [2, 90],
      [1, 1000],
    ],
  ],
  [
    8,
    100,
    2,
    150,
    [
      [8, 100],
      [4, 150],
    ],
  ],
  [1, 5, 2, 50, [[1, 50]]],
])("%i tries from %i, factor %i, to %i: tries and budgets %j", (n, from, factor, full, expected) => {
  const found = rungs(n, halving(from, factor), config(full));
  expect(found.map(({ tries, settings }) => [tries, settings.metasgd_config?.num_meta_iterations])).toEqual(expected);
});

it("refuses a halving that starts above the setting, or of a setting without an integer", () => {
  expect(() => rungs(4, halving(60, 2), config(50))).toThrow(
    /from 60 of metasgd_config\.num_meta_iterations, which is 50/,
  );
  expect(() => rungs(4, { ...halving(1, 2), setting: "no.such" }, config(50))).toThrow(/which is undefined/);
});
