import { dataError, type KshotError, type ParameterLayout, type ParameterVector, whole } from "@kshot/contract";
import type { CheckpointMetadata, ModelMetadata } from "@kshot/contract/schemas";
import { gruParameterLayout } from "@kshot/gru-layout";
import { openSavedModel } from "@kshot/recommend";
import {
  ratePrefix,
  readCheckpoint,
  readModel,
  readSafetensorsMetadata,
  splitRates,
  type Tensor,
  vectorFrom,
} from "@kshot/store";
import { modelShape } from "../../config/index.js";
import { readStoredVectors } from "../../run/index.js";
import { decimal, type Inspection } from "./inspection.js";

/** A model, its learning rates or a checkpoint: shapes against its own configuration, every value finite. */
export async function inspectTensors(path: string): Promise<Inspection> {
  const { format } = await readSafetensorsMetadata(path);
  if (format === "kshot.checkpoint/1") return inspectCheckpoint(path);
  if (format === "kshot.model/1") return inspectModel(path);
  throw dataError({
    where: path,
    found: format === undefined ? "tensors without kshot's metadata" : `format ${format}`,
    expected: "kshot.model/1 or kshot.checkpoint/1",
  });
}

async function inspectModel(path: string): Promise<Inspection> {
  const damage = new Damage();
  const { metadata, tensors, hashed } = await readModel(path, damage);
  if (metadata.kind === "counts") {
    const { facts, problems } = await inspectCounts(path, metadata, tensors, damage.found.length > 0);
    return {
      kind: "model",
      path,
      facts: [...facts, hashLine(hashed, damage)],
      problems: [...damage.found, ...problems],
    };
  }
  const layout = gruParameterLayout(modelShape(metadata.config, metadata.items.length));
  const { parameters, rates } = splitRates(tensors);
  const vectors: [string, Float32Array][] = [];
  if (metadata.kind === "theta") vectors.push(["θ", vectorFrom(parameters, layout, path)]);
  if (metadata.kind === "alpha" || rates.length > 0) vectors.push(["α", vectorFrom(rates, layout, path, ratePrefix)]);
  const facts: [string, string][] = [
    ...origin(metadata, layout),
    ["Best at", bestAt(metadata)],
    hashLine(hashed, damage),
    ...vectors.flatMap(([name, values]) => spreads(name, values, layout)),
  ];
  return {
    kind: metadata.kind === "alpha" ? "learning rates" : "model",
    path,
    facts,
    problems: [...damage.found, ...vectors.flatMap(([name, values]) => notFinite(name, values, layout))],
  };
}

/** A counting model or a stack: opened, and each counting part with its content. */
async function inspectCounts(
  path: string,
  metadata: ModelMetadata,
  tensors: readonly Tensor[],
  damaged: boolean,
): Promise<Pick<Inspection, "facts" | "problems">> {
  if (!damaged) await openSavedModel(path);
  const { algorithm, items, dataFingerprint, counts, network, ensemble, validation } = metadata;
  const { parts = [], stack } = counts ?? {};
  const weight = (name: string) => {
    const found = stack?.weights[stack.experts.indexOf(name)];
    return found === undefined ? "" : `, weight ${decimal(found)}`;
  };
  // A network that was trained on the counts' scores is an expert of another name. Experts that are not parts come after them.
  const [own, others] = stack?.experts.slice(parts.length) ?? [];
  const networkFact = (name: string): [string, string] => {
    const expert = own ?? name;
    return [expert, `network${expert === name ? "" : ` (${name})`}${weight(expert)}`];
  };
  const numbers = (part: string) =>
    tensors
      .filter(({ name }) => name.startsWith(`counts.${part}.`))
      .reduce((sum, { values }) => sum + values.length, 0);
  const facts: [string, string][] = [
    ["Algorithm", algorithm],
    ["Items", whole(items.length)],
    ["Data", dataFingerprint ?? "not known"],
    ["Kept for", validation ? `validation MRR ${validation.mrr.toFixed(4)}` : "not known"],
    ...parts.map(({ name, method }): [string, string] => [
      name,
      `${method}: ${whole(numbers(name))} numbers${weight(name)}`,
    ]),
    ...(network === undefined ? [] : [networkFact(network)]),
    ...(ensemble === undefined || others === undefined
      ? []
      : [[others, `${ensemble} GRUs of other seeds${weight(others)}`] as [string, string]]),
  ];
  const problems = tensors.flatMap(({ name, values }) => {
    const at = Array.from(values).findIndex((value) => !Number.isFinite(value));
    return at < 0 ? [] : [`${name} is ${values[at]} at ${at}`];
  });
  return { facts, problems };
}

async function inspectCheckpoint(path: string): Promise<Inspection> {
  const damage = new Damage();
  const { metadata, tensors, hashed } = await readCheckpoint(path, damage);
  const layout = gruParameterLayout(modelShape(metadata.config, metadata.items.length));
  const vectors = readStoredVectors(tensors, metadata, layout, path);
  const { best, history } = metadata;
  const loss = history.metaLoss.at(-1);
  const facts: [string, string][] = [
    ...origin(metadata, layout),
    ["Stopped at", stoppedAt(metadata)],
    [
      "Best so far",
      best
        ? `${best.epoch === undefined ? `iteration ${whole(best.iteration)}` : `epoch ${best.epoch}`}${mrr(best.metrics)}`
        : "nothing validated yet",
    ],
    ["Loss", loss === undefined ? "none logged yet" : decimal(loss)],
    ["Holds", Object.keys(vectors).join(", ")],
    hashLine(hashed, damage),
    ...(vectors.theta ? spreads("θ", vectors.theta, layout) : []),
    ...(vectors.alpha ? spreads("α", vectors.alpha, layout) : []),
  ];
  const problems = Object.entries(vectors).flatMap(([name, values]) => notFinite(name, values, layout));
  return { kind: "checkpoint", path, facts, problems: [...damage.found, ...problems] };
}

/** The point of the training; one inside `hybrid` has fewer iterations than the setting. */
function stoppedAt({ algorithm, epoch, iteration, config }: CheckpointMetadata): string {
  if (epoch !== undefined) return `epoch ${whole(epoch)}, step ${whole(iteration)}`;
  const of = algorithm === "hybrid" ? "" : ` of ${whole(config.metasgd_config.num_meta_iterations)}`;
  return `iteration ${whole(iteration)}${of}`;
}

/** Damaged parts, in words. */
class Damage {
  readonly found: string[] = [];
  readonly onDamage = ({ parts: { where, found } }: KshotError) => this.found.push(`${where}: ${found}`);
}

/** Whether every byte was checked, and the result. */
function hashLine(hashed: boolean, { found }: Damage): [string, string] {
  const checked = found.length === 0 ? "of every tensor and of the header, all as written" : "not those of the bytes";
  return ["Hashes", hashed ? checked : "none: damage to a value is not noticed"];
}

function origin(metadata: ModelMetadata | CheckpointMetadata, layout: ParameterLayout): [string, string][] {
  const { algorithm, config, items, dataFingerprint } = metadata;
  const { embedding_dim, hidden_dim, num_layers } = config.gru_config;
  return [
    ["Algorithm", `${algorithm}, seed ${config.seed}`],
    [
      "Network",
      `${whole(items.length)} items, embedding ${embedding_dim}, hidden ${hidden_dim}, ${num_layers} layer${num_layers === 1 ? "" : "s"}: ${whole(layout.size)} parameters`,
    ],
    ["Data", dataFingerprint ?? "not known: the weights were imported"],
  ];
}

function mrr(metrics: { readonly mrr: number } | null): string {
  return metrics ? `, validation MRR ${metrics.mrr.toFixed(4)}` : "";
}

function bestAt({ algorithm, iteration, validation = null }: ModelMetadata): string {
  if (iteration === undefined) return "not known: the weights were imported";
  return `${algorithm === "gru" ? "epoch" : "iteration"} ${whole(iteration)}${mrr(validation)}`;
}

/** One line per tensor: its mean, least and greatest value. */
function spreads(name: string, values: ParameterVector, layout: ParameterLayout): [string, string][] {
  return layout.tensors.map((tensor) => {
    const own = values.subarray(tensor.offset, tensor.offset + tensor.size);
    let [low, high, sum] = [Infinity, -Infinity, 0];
    for (const value of own) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      sum += value;
    }
    return [
      `${name} ${tensor.name}`,
      `[${tensor.shape.join(", ")}]  mean ${decimal(sum / own.length)}, from ${decimal(low)} to ${decimal(high)}`,
    ];
  });
}

function notFinite(name: string, values: ParameterVector, layout: ParameterLayout): string[] {
  return layout.tensors.flatMap(({ name: tensor, offset, size }) => {
    const at = values.subarray(offset, offset + size).findIndex((value) => !Number.isFinite(value));
    return at === -1 ? [] : [`${name} of ${tensor} is ${values[offset + at]} at ${at}`];
  });
}
