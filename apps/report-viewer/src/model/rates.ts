import { alphaRangeOf, type NamedResults, tensorRates } from "@kshot/comparison";

/** How the rates of a tensor, or of a gate's rows, are distributed. */
export interface RateDistribution {
  readonly name: string;
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly atLow: number;
  readonly atHigh: number;
  readonly mean: number;
}

/** Rates per tensor, in the model's order. */
export function rateDistributions({ results }: Pick<NamedResults, "results">): RateDistribution[] {
  const means = tensorRates(results);
  return Object.entries(results.alpha).map(([name, { histogram, atLow, atHigh }]) => ({
    name,
    edges: histogram.edges,
    counts: histogram.counts,
    atLow,
    atHigh,
    mean: means[name]?.mean ?? 0,
  }));
}

const gates = ["r (reset)", "z (update)", "n (candidate)"] as const;

/** Rates per gate of every GRU tensor whose values are in the file: PyTorch stacks the gates r, z, n. */
export function gateRates({ results }: Pick<NamedResults, "results">): RateDistribution[] {
  return Object.entries(results.alpha).flatMap(([name, { histogram, matrix, shape }]) => {
    if (!name.startsWith("gru.") || !matrix) return [];
    const rows = shape.length === 1 ? (matrix[0] ?? []).map((value) => [value]) : matrix;
    const third = rows.length / 3;
    if (!Number.isInteger(third)) return [];
    const [low, high] = alphaRangeOf(results) ?? [Number.NaN, Number.NaN];
    return gates.map((gate, g) => {
      const values = rows.slice(g * third, (g + 1) * third).flat();
      const at = (end: number) => values.filter((value) => near(value, end)).length / values.length;
      return {
        name: `${name.replace("gru.", "")}, ${gate}`,
        edges: histogram.edges,
        counts: countsOf(values, histogram.edges),
        atLow: at(low),
        atHigh: at(high),
        mean: values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length),
      };
    });
  });
}

function near(value: number, end: number): boolean {
  return Math.abs(value - end) <= 1e-6 * Math.max(1e-6, Math.abs(end));
}

function countsOf(values: readonly number[], edges: readonly number[]): number[] {
  const counts = edges.slice(1).map(() => 0);
  for (const value of values) {
    let bin = 0;
    while (bin < counts.length - 1 && value >= (edges[bin + 1] ?? Number.POSITIVE_INFINITY)) bin++;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
