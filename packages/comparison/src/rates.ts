import type { LrAnalysis, RateAnalysis } from "@kshot/contract/schemas";
import { type ComparableResults, configOf } from "./results.js";
import { textTable } from "./text-table.js";
import { figure, listed, signed } from "./words.js";

/** Mean, least and greatest rate of one tensor. */
export interface TensorRates {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** The parts of results that hold learned rates. */
export type RatesOfResults = Pick<ComparableResults, "alpha" | "history">;

/**
 * The rates of the model of a results file, per tensor in the model's order: from the values in the file; for a tensor that is
 * too large, from the history at the best iteration.
 */
export function tensorRates({ alpha, history }: RatesOfResults): Record<string, TensorRates> {
  const kept = keptEntry(history);
  return Object.fromEntries(
    Object.entries(alpha).map(([name, { matrix, histogram }]) => {
      if (matrix) return [name, spread(matrix)];
      const course = history.alpha[name];
      const at = (list: readonly number[] | undefined) => list?.[kept];
      const [mean, min, max] = [at(course?.mean), at(course?.min), at(course?.max)];
      if (mean !== undefined && min !== undefined && max !== undefined) return [name, { mean, min, max }];
      return [name, fromHistogram(histogram)];
    }),
  );
}

/** The best iteration: the first with the highest validation MRR after the start; undefined if none was validated. */
export function keptIteration({ validation }: Pick<ComparableResults["history"], "validation">): number | undefined {
  const after = validation.filter((one) => one.iteration > 0);
  const [best] = [...after].sort((a, b) => b.metrics.mrr - a.metrics.mrr || a.iteration - b.iteration);
  return best?.iteration;
}

/** Position in the history of the best iteration, otherwise of the last. */
function keptEntry(history: ComparableResults["history"]): number {
  const kept = keptIteration(history);
  const at = kept === undefined ? -1 : history.iteration.indexOf(kept);
  return at === -1 ? history.iteration.length - 1 : at;
}

function spread(matrix: readonly (readonly number[])[]): TensorRates {
  let [sum, count, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of matrix) {
    for (const value of row) {
      sum += value;
      count++;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return { mean: sum / Math.max(1, count), min, max };
}

function fromHistogram({
  edges,
  counts,
}: {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}): TensorRates {
  const bins = counts.map((count, i) => ({ count, low: edges[i] ?? 0, high: edges[i + 1] ?? 0 }));
  const filled = bins.filter(({ count }) => count > 0);
  const total = filled.reduce((sum, { count }) => sum + count, 0);
  const sum = filled.reduce((all, { count, low, high }) => all + (count * (low + high)) / 2, 0);
  return { mean: sum / Math.max(1, total), min: filled[0]?.low ?? 0, max: filled.at(-1)?.high ?? 0 };
}

/** Rates are float32, and their means have a larger rounding error. */
const rounding = 1e-5;

/**
 * The single rate of all parameters if training never changed it, as in MAML.
 *
 * @returns null if rates were learned, or if the file does not show that they were not.
 */
export function fixedRate(results: Pick<ComparableResults, "alpha" | "history" | "config">): number | null {
  const { alpha, history } = results;
  const same = (a: number, b: number) => Math.abs(a - b) <= rounding * Math.abs(b);
  const start = configOf(results).metasgd_config?.inner_lr_init;
  const extremes: number[] = [];
  for (const [name, { matrix, histogram }] of Object.entries(alpha)) {
    const course = history.alpha[name];
    if (course) extremes.push(...[...course.min, ...course.max].filter((one, i, all) => i === 0 || all[i - 1] !== one));
    if (matrix) {
      const { min, max } = spread(matrix);
      extremes.push(min, max);
    }
    if (!course && !matrix && histogram.counts.filter((count) => count > 0).length > 1) return null;
  }
  const [first] = extremes;
  if (first === undefined || !extremes.every((value) => same(value, first))) return null;
  // A single rate for all parameters can also be learned; without a history only its start value shows this.
  return start !== undefined && !same(first, start) ? null : first;
}

/** Whether a results file holds inner rates. */
export function hasRates({ alpha }: Pick<ComparableResults, "alpha">): boolean {
  return Object.keys(alpha).length > 0;
}

/** Means whose relative difference is below this share count as equal: their order would be noise. */
const apart = 0.02;

const layers = [
  { tensor: "embedding.weight", name: "the item embeddings" },
  { tensor: "gru.weight_hh_l0", name: "the GRU's hidden weights" },
  { tensor: "fc.weight", name: "the output layer" },
] as const;

/**
 * The finding from a learner's rates: the layers in the order of their mean rates, and whether this is the expected order (item
 * embeddings fastest, the GRU slowest, the output layer between). Layers whose rates are all 0 do not adapt and are not ordered.
 *
 * @returns null if rates were not learned, or a layer is missing.
 */
export function rateFinding(results: Pick<ComparableResults, "alpha" | "history" | "config">): string | null {
  return fixedRate(results) === null ? layerFinding(tensorRates(results)) : null;
}

/** The finding from the rates of each tensor; null if a layer is missing or all rates are equal. */
export function layerFinding(rates: Readonly<Record<string, TensorRates>>): string | null {
  const found = layers.flatMap(({ tensor, name }) => {
    const own = rates[tensor];
    return own === undefined ? [] : [{ name, ...own }];
  });
  if (found.length < layers.length) return null;
  const all = Object.values(rates);
  const idle = found.filter(isIdle);
  if (idle.length === found.length) {
    const moving = Object.keys(rates).filter((name) => rates[name] !== undefined && !isIdle(rates[name]));
    if (moving.length === 0) return null;
    return `Only ${listed(moving)} ${moving.length === 1 ? "adapts" : "adapt"}: the rates of all other tensors are 0.`;
  }
  const [one] = all;
  if (one !== undefined && all.every(({ min, max }) => min === one.min && max === one.min)) return null;
  const faster = (a: number, b: number) => a - b > apart * Math.abs(b);
  const order = found.filter((layer) => !isIdle(layer)).sort((a, b) => b.mean - a.mean);
  const words = order.map(({ name, mean }, i) => {
    const before = order[i - 1];
    const joint = before === undefined ? "" : faster(before.mean, mean) ? ", then " : " and, about as fast, ";
    return `${joint}${name} (mean α ${mean.toPrecision(3)})`;
  });
  const still =
    idle.length === 0
      ? ""
      : `; ${listed(idle.map(({ name }) => name))} ${idle.length === 1 && !idle[0]?.name.endsWith("s") ? "does" : "do"} not adapt (all rates are 0)`;
  const mean = (tensor: string) => rates[tensor]?.mean ?? 0;
  const holds =
    faster(mean("embedding.weight"), mean("fc.weight")) && faster(mean("fc.weight"), mean("gru.weight_hh_l0"));
  return `Learned rates, fastest first: ${words.join("")}${still}. The expected order, item embeddings fastest and the GRU slowest, ${holds ? "holds" : "does not hold"}.`;
}

function isIdle({ min, max }: TensorRates): boolean {
  return min === 0 && max === 0;
}

/**
 * The learned rates per tensor as text: mean, unbiased standard deviation, smallest and largest α, and the finding below.
 *
 * @param rates - `lr_analysis.json`.
 * @param finding - from `rateFinding`; null: no finding.
 */
export function rateTable(rates: LrAnalysis, finding: string | null): string {
  return textTable({
    title: [],
    head: [["Learned rates", "mean α", "std α", "min α", "max α"]],
    rows: Object.entries(rates).map(([name, { mean, std, min, max }]) => [
      name,
      ...[mean, std, min, max].map((rate) => rate?.toFixed(6) ?? "–"),
    ]),
    notes: finding === null ? [] : [finding],
  });
}

/** The gain on the validation people when only one group of tensors adapts, as text. */
export function groupTable({ groups }: Pick<RateAnalysis, "groups">): string {
  const without = groups.none?.["accuracy@1"] ?? 0;
  return textTable({
    title: [],
    head: [["Adapted tensors (validation)", "Acc@1", "gain", "MRR"]],
    rows: Object.entries(groups).map(([name, metrics]) => [
      name,
      figure(metrics["accuracy@1"], 4),
      name === "none" ? "–" : signed(metrics["accuracy@1"] - without, 4),
      figure(metrics.mrr, 4),
    ]),
  });
}
