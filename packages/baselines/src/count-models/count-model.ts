import { dataError, type Pairs, type PairTable } from "@kshot/contract";
import { requireQuery } from "../back-off.js";
import { ItemEvidence } from "../counts/item-evidence.js";
import { labelCounts } from "../label-counts.js";
import type { Scorer } from "../scorer.js";

/** Arrays of a fitted count model by name; its complete state. */
export type CountModelTensors = Readonly<Record<string, Int32Array | Float64Array>>;

/** A fitted count model as plain data, for a file: `tensors` as typed arrays, the rest as JSON. */
export interface EncodedCountModel {
  readonly format: "kshot.count-model/1";
  readonly name: string;
  readonly nItems: number;
  readonly options: Readonly<Record<string, number>>;
  readonly tensors: CountModelTensors;
}

/** A baseline that gives a probability of every item, and can be stored. */
export interface CountModel extends Scorer {
  /**
   * Scores of all items, `[nItems]`: the probability, rounded to float32 so that rounding errors break no tie. 0 for the last
   * item of the prefix if no train pair repeats it.
   */
  scores(query: ArrayLike<number>, support: Pairs | null): Float64Array;
  /**
   * log p(item | query, support), `[nItems]`, finite, Σ exp = 1.
   *
   * @param into memory to write them to, `[nItems]`; left out: new memory
   * @throws `USAGE` for a query without items or with an item outside the vocabulary
   */
  logProbabilities(query: ArrayLike<number>, support: Pairs | null, into?: Float64Array): Float64Array;
  /** p₀: smoothed popularity, which the items without evidence share, `[nItems]`. */
  readonly prior: Float64Array;
  /**
   * The same probabilities in sparse form, in time proportional to the items with evidence.
   *
   * @param into overwritten
   * @throws as `logProbabilities`
   */
  sparseProbabilities(query: ArrayLike<number>, support: Pairs | null, into: ItemEvidence): void;
  /** The fitted state as plain data; `decodeCountModel` opens it. */
  encode(): EncodedCountModel;
}

/** How one count model counts and predicts. Options are numbers, each with a default. */
export interface CountModelDefinition<Options extends Readonly<Record<string, number>>> {
  readonly name: string;
  readonly defaults: Options;
  /** Counts the train pairs, which are checked. */
  fit(train: PairTable, nItems: number, options: Options): CountModelTensors;
  /**
   * Opens the counts. The returned function adds unnormalised evidence for items to `evidence`, empty on entry,
   * and returns its weight m ≥ 0 in the Dirichlet back-off `p = (m·evidence/Σ evidence + μ·p₀)/(m + μ)`. A negative return means
   * that `evidence` is complete already.
   */
  open(
    tensors: CountModelTensors,
    nItems: number,
    options: Options,
    prior: Float64Array,
  ): (query: ArrayLike<number>, support: Pairs | null, evidence: ItemEvidence) => number;
  /** μ of the back-off to popularity. */
  backOff(options: Options): number;
}

/** A count model's name, and how to fit it and to open it again. */
export interface CountModelKind<Options extends Readonly<Record<string, number>> = Readonly<Record<string, number>>> {
  readonly name: string;
  readonly defaults: Options;
  /**
   * Counts the train pairs; options left out have their defaults.
   *
   * @throws `USAGE` for an `nItems` that is not a positive integer or an option out of range, `DATA` for a train pair with an
   * empty prefix
   *   or an item outside the vocabulary
   */
  fit(train: PairTable, nItems: number, options?: Partial<Options>): CountModel;
  /** Opens the result of `CountModel.encode`. @throws `DATA` for a tensor that is missing */
  decode(encoded: EncodedCountModel): CountModel;
}

/** Creates a count model from its definition; argument checks, back-off, ties and storage are the same for all. */
export function defineCountModel<Options extends Readonly<Record<string, number>>>(
  definition: CountModelDefinition<Options>,
): CountModelKind<Options> {
  const { name, defaults } = definition;
  const open = (tensors: CountModelTensors, nItems: number, options: Options): CountModel => {
    const counts = tensorOf(tensors, "popularity", name);
    let total = 0;
    for (const count of counts) total += count;
    const prior = Float64Array.from(counts, (count) => (count + 1) / (total + nItems));
    const repeats = tensorOf(tensors, "repeats", name)[0]! > 0;
    const predict = definition.open(tensors, nItems, options, prior);
    const mu = definition.backOff(options);
    const sparseProbabilities: CountModel["sparseProbabilities"] = (query, support, p) => {
      requireQuery(name, query, nItems);
      p.clear();
      const weight = predict(query, support, p);
      if (weight >= 0) mixWithPrior(p, weight, mu);
      // The prefix's last item is excluded if train pairs never repeat it.
      if (!repeats) p.setApart(query[query.length - 1]!, 0.5 / (total + 1), prior);
    };
    let own: ItemEvidence | undefined;
    let logPrior: Float64Array | undefined;
    const sparse = (query: ArrayLike<number>, support: Pairs | null) => {
      own ??= new ItemEvidence(nItems);
      sparseProbabilities(query, support, own);
      return own;
    };
    return {
      name,
      prior,
      sparseProbabilities,
      scores(query, support) {
        const p = sparse(query, support);
        const scores = new Float64Array(nItems);
        for (let i = 0; i < nItems; i++) scores[i] = Math.fround(p.rest * prior[i]!);
        for (let i = 0; i < p.count; i++) scores[p.items[i]!] = Math.fround(p.probability(p.items[i]!, prior));
        if (!repeats) scores[query[query.length - 1]!] = 0;
        return scores;
      },
      logProbabilities(query, support, into = new Float64Array(nItems)) {
        const p = sparse(query, support);
        logPrior ??= prior.map(Math.log);
        const logRest = Math.log(p.rest);
        for (let i = 0; i < nItems; i++) into[i] = logRest + logPrior[i]!;
        for (let i = 0; i < p.count; i++) into[p.items[i]!] = Math.log(p.probability(p.items[i]!, prior));
        if (p.ownItem >= 0) into[p.ownItem] = Math.log(p.ownProbability);
        return into;
      },
      encode: () => ({ format: "kshot.count-model/1", name, nItems, options, tensors }),
    };
  };
  return {
    name,
    defaults,
    fit(train, nItems, options = {}) {
      const all = { ...defaults, ...options };
      const popularity = Int32Array.from(labelCounts(train, nItems));
      const repeats = Int32Array.of(requirePrefixes(train, nItems));
      return open({ popularity, repeats, ...definition.fit(train, nItems, all) }, nItems, all);
    },
    decode({ nItems, options, tensors }) {
      return open(tensors, nItems, { ...defaults, ...options });
    },
  };
}

/** A tensor by its name. @throws `DATA` if it is missing */
export function tensorOf(tensors: CountModelTensors, key: string, name: string): Int32Array | Float64Array {
  const tensor = tensors[key];
  if (tensor !== undefined) return tensor;
  throw dataError({
    where: `${name}, tensor ${key}`,
    found: `missing; the model holds ${Object.keys(tensors).join(", ") || "no tensors"}`,
    expected: "a model of this method",
  });
}

/** A tensor of whole numbers. @throws `DATA` if it is missing or of another type */
export function integersOf(tensors: CountModelTensors, key: string, name: string): Int32Array {
  const tensor = tensorOf(tensors, key, name);
  if (tensor instanceof Int32Array) return tensor;
  throw dataError({ where: `${name}, tensor ${key}`, found: "float64 numbers", expected: "int32 numbers" });
}

/** A tensor of numbers. @throws `DATA` if it is missing or of another type */
export function numbersOf(tensors: CountModelTensors, key: string, name: string): Float64Array {
  const tensor = tensorOf(tensors, key, name);
  if (tensor instanceof Float64Array) return tensor;
  throw dataError({ where: `${name}, tensor ${key}`, found: "int32 numbers", expected: "float64 numbers" });
}

/** Checks every prefix of the train pairs; returns the number of labels that repeat the prefix's last item. @throws `DATA` */
function requirePrefixes(train: PairTable, nItems: number): number {
  let repeats = 0;
  for (let row = 0; row < train.length; row++) {
    const begin = train.prefixOffsets[row]!;
    const end = train.prefixOffsets[row + 1]!;
    const where = `train pairs, column prefix, row ${row}`;
    if (end <= begin) throw dataError({ where, found: "an empty prefix", expected: "one item or more" });
    for (let i = begin; i < end; i++) {
      const item = train.prefixItems[i]!;
      if (item >= 0 && item < nItems) continue;
      throw dataError({ where, found: `item ${item}`, expected: `0 to ${nItems - 1}` });
    }
    if (train.prefixItems[end - 1] === train.label[row]) repeats++;
  }
  return repeats;
}

/** p = (m·e/Σe + μ·p₀)/(m + μ); p₀ alone without evidence. */
function mixWithPrior(evidence: ItemEvidence, weight: number, mu: number): void {
  const sum = evidence.sum();
  const m = sum > 0 ? weight : 0;
  evidence.gain = m > 0 ? m / (sum * (m + mu)) : 0;
  evidence.rest = mu / (m + mu);
}
