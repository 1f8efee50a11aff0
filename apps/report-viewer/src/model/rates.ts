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

/** Number of bins of a histogram of the rates that a file holds. */
const bins = 60;

/** Rates per tensor, in the model's order, without tensors whose rates are all equal. */
export function rateDistributions({ results }: Pick<NamedResults, "results">): RateDistribution[] {
  const means = tensorRates(results);
  const edges = edgesOf(results);
  return Object.entries(results.alpha).flatMap(([name, { histogram, atLow, atHigh, matrix }]): RateDistribution[] => {
    if (equalRate(results, name) !== null) return [];
    const own = matrix === undefined ? histogram : { edges, counts: countsOf(matrix.flat(), edges) };
    return [{ name, edges: own.edges, counts: own.counts, atLow, atHigh, mean: means[name]?.mean ?? 0 }];
  });
}

/** The one rate of a tensor whose rates are all equal; null if they differ, or the file does not hold them. */
export function equalRate({ alpha, history }: NamedResults["results"], name: string): number | null {
  const own = alpha[name];
  if (own?.matrix === undefined) return null;
  const { min, max } = tensorRates({ alpha: { [name]: own }, history })[name] ?? { min: 0, max: 1 };
  return min === max ? min : null;
}

/** Bins for all rates that the file holds: symmetric around 0 for rates of both signs, by the logarithm for positive rates. */
function edgesOf({ alpha }: NamedResults["results"]): number[] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { matrix = [] } of Object.values(alpha)) {
    for (const row of matrix) {
      for (const rate of row) {
        if (rate < low) low = rate;
        if (rate > high) high = rate;
      }
    }
  }
  if (!(high > low)) return [low, low + 1e-9];
  if (low < 0 && high > 0) {
    const most = Math.max(-low, high);
    [low, high] = [-most, most];
  }
  const at = (share: number) => (low > 0 ? low * (high / low) ** share : low + share * (high - low));
  // The ends are exact, so that each rate has a bin.
  return Array.from({ length: bins + 1 }, (_, i) => (i === 0 ? low : i === bins ? high : at(i / bins)));
}

const gates = ["r (reset)", "z (update)", "n (candidate)"] as const;

/** Rates per gate of every GRU tensor whose values are in the file: PyTorch stacks the gates r, z, n. */
export function gateRates({ results }: Pick<NamedResults, "results">): RateDistribution[] {
  const edges = edgesOf(results);
  return Object.entries(results.alpha).flatMap(([name, { matrix, shape }]) => {
    if (!name.startsWith("gru.") || !matrix || equalRate(results, name) !== null) return [];
    const rows = shape.length === 1 ? (matrix[0] ?? []).map((value) => [value]) : matrix;
    const third = rows.length / 3;
    if (!Number.isInteger(third)) return [];
    const [low, high] = alphaRangeOf(results) ?? [Number.NaN, Number.NaN];
    return gates.map((gate, g) => {
      const values = rows.slice(g * third, (g + 1) * third).flat();
      const at = (end: number) => values.filter((value) => near(value, end)).length / values.length;
      return {
        name: `${name.replace("gru.", "")}, ${gate}`,
        edges,
        counts: countsOf(values, edges),
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

/** Values per bin; the last bin includes its right edge. */
function countsOf(values: readonly number[], edges: readonly number[]): number[] {
  const counts = edges.slice(1).map(() => 0);
  for (const value of values) {
    let [first, last] = [0, counts.length - 1];
    while (first < last) {
      const middle = (first + last + 1) >> 1;
      if (value >= (edges[middle] ?? Number.POSITIVE_INFINITY)) first = middle;
      else last = middle - 1;
    }
    counts[first] = (counts[first] ?? 0) + 1;
  }
  return counts;
}
