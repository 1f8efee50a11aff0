import {
  type DataSet,
  entryAt,
  failedError,
  type ParameterLayout,
  type ParameterVector,
  type TensorSpec,
} from "@kshot/contract";
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
        .filter((tensor) => tensor.shape.length === 2 && rowsOf(tensor) <= mostRowsDescribed)
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
  const [rows = 0, ...columns] = shape;
  return gates.map((gate, g) => ({
    name: `${name}/${gate}`,
    shape: [rows / 3, ...columns],
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
      const { mean, std } = named(statistics, name);
      const { atLow, atHigh, histogram } = named(ends, name);
      return [name, { mean, std, quantiles: named(distributions, name).quantiles, atLow, atHigh, histogram }];
    }),
  );
}

function rowSpreads(
  alpha: ParameterVector,
  tensor: TensorSpec,
  layoutSize: number,
  range: readonly [number, number],
): RateAnalysis["rows"][string] {
  const { offset, size } = tensor;
  const width = size / rowsOf(tensor);
  const rows = Array.from({ length: rowsOf(tensor) }, (_, row) => {
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
      edges: entryAt(described, 0).histogram.edges,
      counts: described.map(({ histogram }) => histogram.counts),
    },
  };
}

function fastestRows(alpha: ParameterVector, tensor: TensorSpec, { items, titles }: Pick<DataSet, "items" | "titles">) {
  const { offset, size } = tensor;
  const width = size / rowsOf(tensor);
  return Array.from({ length: rowsOf(tensor) }, (_, row) => {
    let sum = 0;
    for (const rate of alpha.subarray(offset + row * width, offset + (row + 1) * width)) sum += rate;
    return { row, item: titles?.[row] ?? entryAt(items, row), mean: sum / width };
  })
    .sort((a, b) => b.mean - a.mean || a.row - b.row)
    .slice(0, mostRows);
}

/** Number of rows of a matrix, or of values of a vector. */
function rowsOf({ shape: [rows = 0] }: TensorSpec): number {
  return rows;
}

/** The entry of a tensor that was described. */
function named<Entry>(entries: Readonly<Record<string, Entry>>, name: string): Entry {
  const entry = entries[name];
  if (entry === undefined) throw failedError({ where: name, found: "no statistics", expected: "one entry per tensor" });
  return entry;
}
