import { readFile } from "node:fs/promises";
import { dataError, isRecord, messageOf, parseJson, systemCodeOf } from "@kshot/contract";
import { configSchema } from "@kshot/contract/schemas";
import { gruParameterLayout } from "@kshot/gru-layout";
import {
  decodeSafetensors,
  fileBegins,
  type ReplaceRule,
  readModel,
  requireReplaceable,
  type Tensor,
  vectorFrom,
  writeModel,
} from "@kshot/store";
import { decidingConfig, modelShape } from "../config/index.js";

/** Options of `importNetwork`; paths are absolute. */
export interface ImportOptions {
  /** Safetensors of a PyTorch model: nn.Embedding, nn.GRU, nn.Linear, under any attribute names. */
  readonly weights: string;
  /** JSON: names to numbers 0 … n−1, or a list of names. */
  readonly items: string;
  /** JSON: names to titles, or a list of titles in the order of the items. */
  readonly titles?: string;
  /** Model file to write. */
  readonly out: string;
  readonly k: number;
  readonly q: number;
  /** Largest number of items of a history that the model reads. */
  readonly maxSeqLen: number;
}

/** Sizes of an imported network. */
export interface ImportedNetwork {
  readonly items: number;
  readonly layers: number;
  readonly embeddingDim: number;
  readonly hiddenDim: number;
}

/** An imported model: a model file of kshot (the header's length, then its metadata) that does not name the data of a training. */
const overEarlierModel: ReplaceRule = {
  async wrote(file) {
    if (!(await fileBegins(file, /^[\s\S]{8}\{"__metadata__":\{"kshot":"\{\\"format\\":\\"kshot\.model\//)))
      return false;
    const model = await readModel(file).catch(() => undefined);
    return model !== undefined && model.metadata.dataFingerprint === undefined;
  },
};

/**
 * Imports the weights of a PyTorch GRU as a model of algorithm `gru`: sizes from the shapes, F16 and BF16 converted to F32, tensors under
 * kshot's names. Data, iteration and validation are not known and left out.
 *
 * @throws `DATA` for tensors that are not such a network, a vocabulary of another size, or files that cannot be read; `USAGE` for a path that
 *   cannot be written.
 */
export async function importNetwork(options: ImportOptions): Promise<ImportedNetwork> {
  const { weights, out } = options;
  const rule = { ...overEarlierModel, inputs: [weights, options.items, ...(options.titles ? [options.titles] : [])] };
  await requireReplaceable(out, rule);
  const { tensors } = decodeSafetensors(await bytesOf(weights), weights);
  const network = recognised(tensors, weights);
  const items = itemsOf(parseJson(await bytesOf(options.items), options.items), options.items);
  if (items.length !== network.items) {
    throw dataError({
      where: options.items,
      found: `${items.length} items; the embedding and the output layer of ${weights} have ${network.items}`,
      expected: "one row an item",
      todo: "Remove a row for padding from the weights, or name it in the vocabulary",
    });
  }
  const titles =
    options.titles === undefined
      ? undefined
      : titlesOf(parseJson(await bytesOf(options.titles), options.titles), items, options.titles);
  const config = configSchema.parse({
    algorithms: ["gru"],
    K: options.k,
    Q: options.q,
    gru_config: {
      embedding_dim: network.embeddingDim,
      hidden_dim: network.hiddenDim,
      num_layers: network.layers,
      dropout: 0,
      max_seq_len: options.maxSeqLen,
    },
  });
  const layout = gruParameterLayout(modelShape(config, items.length));
  await writeModel(out, {
    layout,
    values: vectorFrom(network.tensors, layout, weights),
    metadata: {
      ...{ format: "kshot.model/1" as const, algorithm: "gru" as const, kind: "theta" as const },
      config: decidingConfig(config),
      items,
      ...(titles === undefined ? {} : { titles }),
    },
    replace: rule,
  });
  const { items: count, layers, embeddingDim, hiddenDim } = network;
  return { items: count, layers, embeddingDim, hiddenDim };
}

/** The network that the tensors are, under kshot's names. */
function recognised(tensors: readonly Tensor[], file: string): ImportedNetwork & { readonly tensors: Tensor[] } {
  const held = tensors.map(({ name, shape }) => `${name} [${shape.join(", ")}]`).join(", ") || "no tensors";
  const refused = (found: string, expected: string) =>
    dataError({
      where: file,
      found: `${found}; the file holds ${held}`,
      expected,
      todo: "Save the state of one nn.Embedding, nn.GRU and nn.Linear",
    });
  const reverse = tensors.find(({ name }) => name.endsWith("_reverse"));
  if (reverse !== undefined) throw refused(`${reverse.name}, of a bidirectional GRU`, "a GRU of one direction");
  const first = tensors.filter(({ name }) => /(^|\.)weight_ih_l0$/.test(name));
  const [gru] = first;
  if (first.length !== 1 || gru === undefined || gru.shape.length !== 2) {
    throw refused(`${first.length} tensors …weight_ih_l0`, "one nn.GRU");
  }
  const prefix = gru.name.slice(0, -"weight_ih_l0".length);
  const [gates = 0, embeddingDim = 0] = gru.shape;
  const hiddenDim = gates / 3;
  if (!Number.isInteger(hiddenDim)) throw refused(`${gru.name} with ${gates} rows`, "3 × hidden rows, those of a GRU");
  const layers = tensors.filter(
    ({ name }) => name.startsWith(prefix) && /^weight_ih_l\d+$/.test(name.slice(prefix.length)),
  );
  const others = tensors.filter(
    ({ name }) => !(name.startsWith(prefix) && /^(weight|bias)_(ih|hh)_l\d+$/.test(name.slice(prefix.length))),
  );
  const bias = others.find(({ name, shape }) => /(^|\.)bias$/.test(name) && shape.length === 1);
  if (bias === undefined) throw refused("no bias of an output layer", "nn.Linear(hidden, items) with its bias");
  const output = others.find(({ name }) => name === bias.name.replace(/bias$/, "weight"));
  const [items = 0] = bias.shape;
  const embedding = others.find((tensor) => tensor !== output && tensor !== bias);
  if (others.length !== 3 || output === undefined || embedding === undefined) {
    throw refused(
      `${others.length} tensors in addition to the GRU's`,
      "three: the weights of nn.Embedding(items, embedding), and weight and bias of nn.Linear(hidden, items)",
    );
  }
  const renamed = [
    { ...embedding, name: "embedding.weight" },
    { ...output, name: "fc.weight" },
    { ...bias, name: "fc.bias" },
    ...tensors
      .filter((tensor) => !others.includes(tensor))
      .map((tensor) => ({ ...tensor, name: `gru.${tensor.name.slice(prefix.length)}` })),
  ];
  return { items, layers: layers.length, embeddingDim, hiddenDim, tensors: renamed };
}

/** Names in the order of their numbers. @throws `DATA` unless it is a list of names, or names to 0 … n−1. */
function itemsOf(value: unknown, file: string): string[] {
  const isList = Array.isArray(value);
  const names: readonly unknown[] = isList ? value : isRecord(value) ? Object.keys(value) : [];
  const numbers: readonly unknown[] = isList ? names.map((_, i) => i) : isRecord(value) ? Object.values(value) : [];
  const items = new Array<unknown>(names.length).fill(undefined);
  numbers.forEach((number, i) => {
    if (typeof number === "number" && Number.isInteger(number) && number >= 0 && number < names.length)
      items[number] = names[i];
  });
  const isName = (name: unknown): name is string => typeof name === "string" && name !== "";
  if (names.length > 0 && new Set(names).size === names.length && items.every(isName)) return items;
  throw dataError({
    where: file,
    found: JSON.stringify(value).slice(0, 80),
    expected: "distinct names to the numbers 0 … n−1, as course2id.json, or a list of distinct names",
  });
}

/** Titles in the order of the items; an item without one is called by its name. */
function titlesOf(value: unknown, items: readonly string[], file: string): string[] {
  const list = Array.isArray(value)
    ? value
    : isRecord(value)
      ? items.map((name) => (Object.hasOwn(value, name) ? value[name] : name))
      : [];
  if (list.length === items.length && list.every((title) => typeof title === "string")) return list;
  throw dataError({
    where: file,
    found: JSON.stringify(value).slice(0, 80),
    expected: `names to titles, or a list of ${items.length} titles, one per item`,
  });
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const found = systemCodeOf(cause) === "ENOENT" ? "no such file" : messageOf(cause);
    throw dataError({ where: file, found, expected: "a file that can be read", cause });
  }
}
