import { layerFinding } from "@kshot/comparison";
import type { DataSet, Engine, ParameterVector, TensorSpec } from "@kshot/contract";
import type { AdaptingGroup, Config, RateReport } from "@kshot/contract/schemas";
import { rateDistributions, rateStatistics, rateSummary } from "@kshot/meta-sgd";
import { overallMetrics } from "@kshot/metrics";
import { adaptingGroup } from "../algorithms/index.js";
import { type NetworkInUse, networkScorer, rankValidationPeople } from "../evaluation/index.js";

/** Rows named per tensor. */
const mostRows = 10;
/** Rows of a matrix that are described one by one: a file that people still open. */
const mostRowsDescribed = 4096;

const gates = ["r", "z", "n"] as const;
const tried: readonly AdaptingGroup[] = ["embedding", "gru", "gru-biases", "head", "output-bias", "all"];

/**
 * Where the learned rates went: per tensor, gate and row; and which tensors earn the gain: the validation people's first windows are
 * adapted with the rates of one group of tensors alone.
 */
export async function rateReport(
  use: NetworkInUse & {
    readonly alpha: ParameterVector;
    readonly algorithm: string;
    readonly config: Config;
    readonly data: DataSet;
  },
): Promise<RateReport> {
  const { engine, alpha, config, data } = use;
  const { layout } = engine;
  const { lr_clipping, num_inner_steps } = config.metasgd_config;
  const gateTensors = layout.tensors.filter(({ name }) => name.startsWith("gru.")).flatMap(gatesOf);
  const groups: RateReport["groups"] = {};
  const measure = async (rates: ParameterVector, steps: number) => {
    const [ranked] = await rankValidationPeople(networkScorer({ ...use, alpha: rates }), data, [steps]);
    return overallMetrics(ranked!.queries, data.items.length);
  };
  groups.none = await measure(alpha, 0);
  for (const group of tried) groups[group] = await measure(onlyOf(engine, alpha, group), num_inner_steps);
  return {
    algorithm: use.algorithm,
    tensors: spreads(alpha, layout.tensors, layout.size, lr_clipping),
    gates: spreads(alpha, gateTensors, layout.size, lr_clipping),
    rows: Object.fromEntries(
      layout.tensors
        .filter(({ shape }) => shape.length === 2 && shape[0]! <= mostRowsDescribed)
        .map((tensor) => [tensor.name, rowSpreads(alpha, tensor, layout.size, lr_clipping)]),
    ),
    fastest: Object.fromEntries(
      layout.tensors
        .filter(({ name }) => name === "embedding.weight" || name === "fc.weight")
        .map((tensor) => [tensor.name, fastestRows(alpha, tensor, data)]),
    ),
    groups,
    hypothesis: layerFinding(rateStatistics(alpha, layout)),
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
): RateReport["tensors"] {
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
): RateReport["rows"][string] {
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

function fastestRows(alpha: ParameterVector, { offset, size, shape }: TensorSpec, { items, titles }: DataSet) {
  const width = size / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += alpha[offset + row * width + i]!;
    return { row, item: titles?.[row] ?? items[row]!, mean: sum / width };
  })
    .sort((a, b) => b.mean - a.mean || a.row - b.row)
    .slice(0, mostRows);
}

function onlyOf(engine: Engine, alpha: ParameterVector, group: AdaptingGroup): ParameterVector {
  const own = engine.vector();
  const names = adaptingGroup(engine.layout, group);
  for (const { name, offset, size } of engine.layout.tensors) {
    if (names.includes(name)) own.set(alpha.subarray(offset, offset + size), offset);
  }
  return own;
}
