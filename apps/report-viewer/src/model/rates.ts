import type { OpenFile } from "./methods.js";

/** How the rates of a tensor, or of a gate's rows, are spread. */
export interface RateDistribution {
  readonly name: string;
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly atLow: number;
  readonly atHigh: number;
  readonly mean: number;
}

/** Rates per tensor, in the model's order. */
export function tensorRates({ results }: OpenFile): RateDistribution[] {
  return Object.entries(results.alpha).map(([name, { histogram, atLow, atHigh, matrix }]) => ({
    name,
    edges: histogram.edges,
    counts: histogram.counts,
    atLow,
    atHigh,
    mean: matrix ? meanOf(matrix.flat()) : (results.history.alpha[name]?.mean.at(-1) ?? middleMean(histogram)),
  }));
}

const gates = ["r (reset)", "z (update)", "n (candidate)"] as const;

/** Rates per gate of every GRU tensor whose values the file holds: PyTorch stacks the gates r, z, n. */
export function gateRates({ results }: OpenFile): RateDistribution[] {
  return Object.entries(results.alpha).flatMap(([name, { histogram, matrix, shape }]) => {
    if (!name.startsWith("gru.") || !matrix) return [];
    const rows = shape.length === 1 ? (matrix[0] ?? []).map((value) => [value]) : matrix;
    const third = rows.length / 3;
    if (!Number.isInteger(third)) return [];
    const [low, high] = rangeOf(results.config) ?? [Number.NaN, Number.NaN];
    return gates.map((gate, g) => {
      const values = rows.slice(g * third, (g + 1) * third).flat();
      const at = (end: number) => values.filter((value) => near(value, end)).length / values.length;
      return {
        name: `${name.replace("gru.", "")}, ${gate}`,
        edges: histogram.edges,
        counts: countsOf(values, histogram.edges),
        atLow: at(low),
        atHigh: at(high),
        mean: meanOf(values),
      };
    });
  });
}

/** The range that α was kept in. */
export function rangeOf(config: Readonly<Record<string, unknown>>): readonly [number, number] | null {
  const range = (config.metasgd_config as { lr_clipping?: unknown } | undefined)?.lr_clipping;
  return Array.isArray(range) && range.length === 2 && range.every((end) => typeof end === "number")
    ? (range as [number, number])
    : null;
}

export function hasRates({ results }: OpenFile): boolean {
  return Object.keys(results.alpha).length > 0;
}

/** The one rate of all parameters where training never moved it, as MAML's; null where rates were learned. */
export function fixedRate({ results }: OpenFile): number | null {
  const { alpha, history, config } = results;
  // Rates are float32, and their means carry some rounding more.
  const same = (a: number, b: number) => Math.abs(a - b) <= 1e-5 * Math.abs(b);
  const start = (config.metasgd_config as { inner_lr_init?: unknown } | undefined)?.inner_lr_init;
  const extremes: number[] = [];
  for (const [name, { matrix, histogram }] of Object.entries(alpha)) {
    const course = history.alpha[name];
    if (course)
      extremes.push(...[...course.min, ...course.max].filter((_, i, all) => i === 0 || all[i - 1] !== all[i]));
    if (matrix) extremes.push(...rangeIn(matrix));
    if (!course && !matrix && histogram.counts.filter((count) => count > 0).length > 1) return null;
  }
  const [first] = extremes;
  if (first === undefined || !extremes.every((value) => same(value, first))) return null;
  // One rate for all may still have been learned; without a history only its start tells.
  return typeof start === "number" && !same(first, start) ? null : first;
}

function rangeIn(matrix: readonly (readonly number[])[]): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of matrix) {
    for (const value of row) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}

/** Means nearer than this share of each other are called the same: an order of less would be one of noise. */
const apart = 0.02;

/** The notebook's hypothesis, tastes (embeddings) adapt fast, dynamics (the GRU) slowly, the output between, and its answer. */
export function layerHypothesis(file: OpenFile): string | null {
  if (fixedRate(file) !== null) return null;
  const rates = new Map(tensorRates(file).map(({ name, mean }) => [name, mean]));
  const [embedding, gru, output] = ["embedding.weight", "gru.weight_hh_l0", "fc.weight"].map((name) => rates.get(name));
  if (embedding === undefined || gru === undefined || output === undefined) return null;
  const faster = (a: number, b: number) => a > b * (1 + apart);
  const holds = faster(embedding, output) && faster(output, gru);
  const order = [
    { name: "embeddings", rate: embedding },
    { name: "the GRU's hidden weights", rate: gru },
    { name: "the output layer", rate: output },
  ].sort((a, b) => b.rate - a.rate);
  const words = order
    .map(({ name, rate }, i) => {
      const joint = i === 0 ? "" : faster(order[i - 1]!.rate, rate) ? ", then " : ", about as fast ";
      return `${joint}${name} (mean α ${rate.toPrecision(3)})`;
    })
    .join("");
  return `The notebook expected embeddings to adapt fastest, the GRU slowest and the output between. ${holds ? "So it is" : "It is not so"}: ${words}.`;
}

function near(value: number, end: number): boolean {
  return Math.abs(value - end) <= 1e-6 * Math.max(1e-6, Math.abs(end));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function middleMean({ edges, counts }: { edges: readonly number[]; counts: readonly number[] }): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, i) => sum + (count * (edges[i]! + edges[i + 1]!)) / 2, 0) / Math.max(1, total);
}

function countsOf(values: readonly number[], edges: readonly number[]): number[] {
  const counts = edges.slice(1).map(() => 0);
  for (const value of values) {
    let bin = 0;
    while (bin < counts.length - 1 && value >= edges[bin + 1]!) bin++;
    counts[bin]!++;
  }
  return counts;
}
