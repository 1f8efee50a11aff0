import { dataError, isRecord, mostLayers } from "@kshot/contract";

/**
 * The part of a model's metadata (`__metadata__.kshot`) that serving needs; `modelMetadataSchema` in `@kshot/contract/schemas`
 * describes all of it.
 */
export interface ServingMetadata {
  readonly algorithm: string;
  readonly kind: "theta" | "alpha" | "counts";
  /** The description of a counting model's parts, not checked yet; undefined for a network alone. */
  readonly counts: unknown;
  /** The algorithm that trained the network of a stack; undefined without a network. */
  readonly network: string | undefined;
  /** The number of networks of a stack's ensemble; undefined without one. */
  readonly ensemble: number | undefined;
  readonly items: readonly string[];
  readonly titles: readonly string[] | undefined;
  readonly config: {
    readonly k: number;
    readonly embeddingDim: number;
    readonly hiddenDim: number;
    readonly numLayers: number;
    readonly maxSeqLen: number;
    readonly mask: "carry" | "notebook";
    readonly innerSteps: number;
    readonly innerClip: number | null;
    readonly context: boolean;
  };
}

/**
 * Checks the part of a model's metadata that serving reads. Uses no schema library, so that a page that recommends stays small.
 *
 * @param value parsed JSON
 * @param where file and key, for errors
 * @throws `DATA` that names the first key that is missing or wrong.
 */
export function servingMetadata(value: unknown, where: string): ServingMetadata {
  const root = new Place(value, where, []);
  const format = root.at("format").text();
  if (format !== "kshot.model/1") throw root.at("format").wrong('"kshot.model/1"');
  const items = root.at("items").texts();
  if (items.length === 0) throw root.at("items").wrong("at least one item");
  const titles = root.at("titles").value === undefined ? undefined : root.at("titles").texts();
  if (titles !== undefined && titles.length !== items.length) {
    throw root.at("titles").wrong(`${items.length} titles, one per item`);
  }
  const kind = root.at("kind").oneOf("theta", "alpha", "counts");
  const network = root.at("network");
  const ensemble = root.at("ensemble");
  const config = root.at("config");
  const gru = config.at("gru_config");
  const learner = config.at("metasgd_config");
  return {
    algorithm: root.at("algorithm").text(),
    kind,
    counts: kind === "counts" ? (root.at("counts").value ?? null) : undefined,
    network: network.value === undefined ? undefined : network.text(),
    ensemble: ensemble.value === undefined ? undefined : ensemble.integer(1, 16),
    items,
    titles,
    config: {
      k: config.at("K").integer(1),
      embeddingDim: gru.at("embedding_dim").integer(1),
      hiddenDim: gru.at("hidden_dim").integer(1),
      numLayers: gru.at("num_layers").integer(1, mostLayers),
      maxSeqLen: gru.at("max_seq_len").integer(1),
      mask: learner.at("mask").oneOf("carry", "notebook"),
      innerSteps: learner.at("num_inner_steps").integer(0),
      innerClip: learner.at("inner_clip").value === null ? null : learner.at("inner_clip").positive(),
      context: learner.at("context").flag(),
    },
  };
}

/** A value in a JSON tree and the keys that lead to it. */
export class Place {
  constructor(
    readonly value: unknown,
    readonly file: string,
    readonly keys: readonly string[],
  ) {}

  at(key: string): Place {
    const { value } = this;
    if (!isRecord(value)) throw this.wrong("an object");
    const inner = Object.hasOwn(value, key) ? value[key] : undefined;
    return new Place(inner, this.file, [...this.keys, key]);
  }

  text(): string {
    if (typeof this.value !== "string") throw this.wrong("text");
    return this.value;
  }

  texts(): readonly string[] {
    const { value } = this;
    if (!Array.isArray(value) || !value.every((entry) => typeof entry === "string"))
      throw this.wrong("a list of texts");
    return value;
  }

  oneOf<Choice extends string>(...choices: readonly Choice[]): Choice {
    const found = choices.find((choice) => choice === this.value);
    if (found === undefined) throw this.wrong(choices.map((choice) => JSON.stringify(choice)).join(" or "));
    return found;
  }

  integer(least: number, most?: number): number {
    const { value } = this;
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least || value > (most ?? value)) {
      throw this.wrong(`an integer of ${least} ${most === undefined ? "or more" : `to ${most}`}`);
    }
    return value;
  }

  positive(): number {
    const { value } = this;
    if (typeof value !== "number" || !(value > 0)) throw this.wrong("a positive number or null");
    return value;
  }

  flag(): boolean {
    if (typeof this.value !== "boolean") throw this.wrong("true or false");
    return this.value;
  }

  wrong(expected: string) {
    const text = this.value === undefined ? "nothing" : (JSON.stringify(this.value) ?? typeof this.value);
    const found = text.length > 80 ? `${text.slice(0, 79)}…` : text;
    return dataError({
      where: `${this.file}, ${this.keys.join(".") || "metadata"}`,
      found,
      expected,
      todo: "Give a model that this version of kshot has written",
    });
  }
}
