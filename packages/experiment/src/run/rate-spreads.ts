import type { DataSet, ParameterLayout, ParameterVector, TensorSpec } from "@kshot/contract";
import type { RateAnalysis } from "@kshot/contract/schemas";
import { rateDistributions, rateStatistics, rateSummary } from "@kshot/meta-sgd";

/** Number of rows named per tensor. */
const mostRows = 10;
/** Matrices with more rows are not described row by row: the file would be too large to open. */
const mostRowsDescribed = 4096;

const gates = ["r", "z", "n"] as const;

/**
 * The distribution of learned rates: per tensor, per GRU gate, per row of each matrix of up to 4,096 rows, and the rows of
 * embedding and output layer with the largest mean rate.
 *
 * @param alpha - inner rates, `[parameters]`.
 * @param range - smallest and largest allowed rate.
 */
export function rateSpreads(
  alpha: ParameterVector,
  layout: ParameterLayout,
  range: readonly [number, number],
  data: Pick<DataSet, "items" | "titles">,
): Pick<RateAnalysis, "tensors" | "gates" | "rows" | "fastest"> {
  const gateTensors = layout.tensors.filter(({ name }) => name.startsWith("gru.")).flatMap(gatesOf);
  return {
    tensors: spreads(alpha, layout.tensors, layout.size, range),
    gates: spreads(alpha, gateTensors, layout.size, range),
    rows: Object.fromEntries(
      layout.tensors
        .filter(({ shape }) => shape.length === 2 && shape[0]! <= mostRowsDescribed)
        .map((tensor) => [tensor.name, rowSpreads(alpha, tensor, layout.size, range)]),
    ),
    fastest: Object.fromEntries(
      layout.tensors
        .filter(({ name }) => name === "embedding.weight" || name === "fc.weight")
        .map((tensor) => [tensor.name, fastestRows(alpha, tensor, data)]),
    ),
  };
}

/** PyTorch stacks the gates r, z, n in the first dimension. */
function gatesOf({ name, shape, offset, size }: TensorSpec): TensorSpec[] {
  return gates.map((gate, g) => ({
    name: `${name}/${gate}`,
    shape: [shape[0]! / 3, ...shape.slice(1)],
    offset: offset + (g * size) / 3,
    size: size / 3,
  }));
}

function spreads(
  alpha: ParameterVector,
  tensors: readonly TensorSpec[],
  size: number,
  range: readonly [number, number],
): RateAnalysis["tensors"] {
  const layout = { tensors, size };
  const statistics = rateStatistics(alpha, layout);
  const distributions = rateDistributions(alpha, tensors);
  const ends = rateSummary(alpha, layout, range);
  return Object.fromEntries(
    tensors.map(({ name }) => {
      const { mean, std } = statistics[name]!;
      const { atLow, atHigh, histogram } = ends[name]!;
      return [name, { mean, std, quantiles: distributions[name]!.quantiles, atLow, atHigh, histogram }];
    }),
  );
}

function rowSpreads(
  alpha: ParameterVector,
  { offset, size, shape }: TensorSpec,
  layoutSize: number,
  range: readonly [number, number],
): RateAnalysis["rows"][string] {
  const width = size / shape[0]!;
  const rows = Array.from({ length: shape[0]! }, (_, row) => {
    return { name: `${row}`, shape: [width], offset: offset + row * width, size: width };
  });
  const described = Object.values(spreads(alpha, rows, layoutSize, range));
  return {
    mean: described.map(({ mean }) => mean),
    std: described.map(({ std }) => std),
    quantiles: described.map(({ quantiles }) => quantiles),
    atLow: described.map(({ atLow }) => atLow),
    atHigh: described.map(({ atHigh }) => atHigh),
    histogram: {
      edges: described[0]!.histogram.edges,
      counts: described.map(({ histogram }) => histogram.counts),
    },
  };
}

function fastestRows(
  alpha: ParameterVector,
  { offset, size, shape }: TensorSpec,
  { items, titles }: Pick<DataSet, "items" | "titles">,
) {
  const width = size / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += alpha[offset + row * width + i]!;
    return { row, item: titles?.[row] ?? items[row]!, mean: sum / width };
  })
    .sort((a, b) => b.mean - a.mean || a.row - b.row)
    .slice(0, mostRows);
}
