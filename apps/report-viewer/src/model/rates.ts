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

/** The notebook's hypothesis, tastes (embeddings) adapt fast, dynamics (the GRU) slowly, the output between, and its answer. */
export function layerHypothesis(file: OpenFile): string | null {
  const rates = new Map(tensorRates(file).map(({ name, mean }) => [name, mean]));
  const [embedding, gru, output] = ["embedding.weight", "gru.weight_hh_l0", "fc.weight"].map((name) => rates.get(name));
  if (embedding === undefined || gru === undefined || output === undefined) return null;
  const holds = embedding > output && output > gru;
  const order = [
    { name: "embeddings", rate: embedding },
    { name: "the GRU's hidden weights", rate: gru },
    { name: "the output layer", rate: output },
  ].sort((a, b) => b.rate - a.rate);
  const words = order.map(({ name, rate }) => `${name} (mean α ${rate.toPrecision(3)})`).join(", then ");
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
