import { type DataSet, type Engine, entryAt, interruptedError } from "@kshot/contract";
import type { Config, NetworkSearch, NetworkSettings } from "@kshot/contract/schemas";
import { pairsOfPeople, rowsByPerson, shuffle, slidingEpisodes } from "@kshot/episodes";
import type { GruConfig } from "@kshot/gru-layout";
import { maxZ, randomStream } from "@kshot/metrics";
import { modelShape, withNetworkSettings } from "../config/index.js";
import { gainsOf, networkScorer, personalMrr, rankedValidationPeople, supportRules } from "../evaluation/index.js";
import type { Progress } from "../progress.js";
import type { TrainingCheckpoints } from "./network-training.js";
import { trainPlainGru } from "./train-supervised.js";

/** Share of the train people with two pairs or more that the search holds out; the fewest of them, and the most of their queries. */
const asideShare = 0.25;
const fewestAside = 20;
const mostQueries = 4000;

/** Multiply-adds of two processor cores in a second, as measured in supervised training (docs/performance.md). */
const multiplyAddsPerSecond = 4.4e9;

/** Epochs of one training that the budget counts with; early stopping usually ends it after 15 to 30. */
const epochsExpected = 25;

/** The parts of a run that the search needs. */
export interface NetworkSearchOptions {
  readonly config: Config;
  readonly data: DataSet;
  readonly progress: Progress;
  /** Seconds of a monotonic clock. */
  readonly seconds: () => number;
  readonly signal?: AbortSignal;
  /** Starts an engine for a network; the search disposes it. */
  readonly open: (shape: GruConfig) => Promise<Engine>;
  /** The settings that an earlier attempt has tried; undefined: none. */
  readonly before: NetworkSearch | undefined;
  /** Stores the settings tried so far, after each setting. */
  readonly save: (search: NetworkSearch) => Promise<void>;
}

/**
 * Chooses the network's size and dropout by plain GRUs that are trained on a part of the train people and tested zero-shot on the
 * others; validation and test people are not used. The first setting is kept unless the gain of another one is significant for
 * the number of settings tried (`maxZ`, p ≤ .05); of these, the one with the highest MRR is chosen.
 *
 * Which settings are tried depends on the budget, the data and the arithmetic of each setting, and not on a clock: the same run
 * chooses the same network on every machine.
 *
 * @returns the finished search; null if the budget allows one setting only, or fewer than 20 people can be held out
 * @throws `INTERRUPTED` when the signal fires
 */
export async function searchNetwork(options: NetworkSearchOptions): Promise<NetworkSearch | null> {
  const { config, data, progress, before, save } = options;
  const { network_search: asked, seed } = config;
  if (asked === null) return null;
  if (before?.chosen !== undefined) return before;
  const parts = splitTrainPeople(data, seed);
  if (parts === null) {
    progress({
      type: "note",
      text: `No search for the network's size: fewer than ${fewestAside / asideShare} train people have two pairs.`,
    });
    return null;
  }
  const nItems = data.items.length;
  const { within, beyond } = withinBudget(config, parts.train.pairs.length, nItems);
  if (within.length < 2) {
    progress({
      type: "note",
      text: `No search for the network's size: a second setting would need more than the budget of ${inMinutes(asked.budget_minutes)}. A larger --budget allows it.`,
    });
    return null;
  }
  const people = new Set(parts.val.windows.first.user).size;
  let search: NetworkSearch = before ?? {
    ...{ format: "kshot.network-search/1" as const, people, settings: within, beyondBudget: beyond, tried: [] },
  };
  progress({
    type: "note",
    text: `Search for the network's size: ${within.length} of ${within.length + beyond.length} settings, ${people} train people held out, within about ${inMinutes(asked.budget_minutes)} on two cores (--budget).`,
  });
  for (let i = search.tried.length; i < within.length; i++) {
    const one = await tryOne(options, parts, i, within);
    search = { ...search, tried: [...search.tried, one] };
    await save(search);
  }
  search = { ...search, chosen: choose(search, seed) };
  await save(search);
  progress({ type: "done", stage: searchStage, text: choiceInWords(search) });
  return search;
}

const searchStage = "Network search";

/** The result in words: the setting, its MRR, and the significance of the choice. */
export function choiceInWords({ settings, tried, chosen, people }: NetworkSearch): string {
  if (chosen === undefined) return "not finished";
  const { setting, p, gainByChance } = chosen;
  const { mrr } = entryAt(tried, setting);
  const gain = mrr - entryAt(tried, 0).mrr;
  const why =
    setting === 0
      ? `no other of ${settings.length} settings is significantly better (smallest p ${Math.min(...p).toFixed(3)})`
      : `${gain.toFixed(4)} above the first setting, p ${entryAt(p, setting - 1).toFixed(3)} for ${settings.length} settings`;
  return `${networkSettingsInWords(entryAt(settings, setting))}, MRR ${mrr.toFixed(4)} on ${people} people held out; ${why}; the best one gains ${gainByChance.toFixed(4)} by chance`;
}

/** The keys that a setting contains: `64/128, item dropout 0.25`. */
export function networkSettingsInWords({ gru_config, gru_training }: NetworkSettings): string {
  const { embedding_dim: embedding, hidden_dim: hidden } = gru_config;
  const { item_dropout: item, state_dropout: state } = gru_training;
  const parts = [
    embedding === undefined && hidden === undefined ? "" : `${embedding ?? "…"}/${hidden ?? "…"}`,
    item === undefined ? "" : `item dropout ${item}`,
    state === undefined ? "" : `state dropout ${state}`,
  ].filter(Boolean);
  return parts.length === 0 ? "the run's settings" : parts.join(", ");
}

/**
 * A data set of only the train people: some of those with two pairs or more are its validation people, all others its train
 * people. K = Q = 1: every pair of a validation person after the first is a query, because a plain GRU uses no support pairs and
 * more queries make the comparison more precise. Null if fewer than 20 people would be held out.
 */
export function splitTrainPeople(data: DataSet, seed: number): DataSet | null {
  const { pairs } = data.train;
  // Every pair of a person but the first is a query.
  const queries = rowsByPerson(pairs).map((rows) => rows.length - 1);
  const able = Int32Array.from(pairs.users.keys()).filter((person) => entryAt(queries, person) >= 1);
  shuffle(able, randomStream(seed, "network search/people"));
  const aside = new Set<number>();
  let asked = 0;
  for (const person of able.subarray(0, Math.floor(asideShare * able.length))) {
    const own = entryAt(queries, person);
    if (aside.size >= fewestAside && asked + own > mostQueries) break;
    aside.add(person);
    asked += own;
  }
  if (aside.size < fewestAside) return null;
  const others = new Set(Array.from(pairs.users.keys()).filter((person) => !aside.has(person)));
  const [train, val] = [pairsOfPeople(pairs, others), pairsOfPeople(pairs, aside)];
  const every = slidingEpisodes(val, 1, 1);
  return {
    ...{ ...data, k: 1, q: 1 },
    train: { pairs: train, episodes: slidingEpisodes(train, data.k, data.q) },
    val: { pairs: val, windows: { first: every, last: every } },
  };
}

/** The settings that fit into the budget together, always with the first, and the other settings. */
export function withinBudget(
  config: Config,
  pairs: number,
  nItems: number,
): { readonly within: NetworkSettings[]; readonly beyond: NetworkSettings[] } {
  const [within, beyond]: [NetworkSettings[], NetworkSettings[]] = [[], []];
  const search = config.network_search;
  let left = 60 * (search?.budget_minutes ?? 0);
  for (const setting of search?.settings ?? []) {
    const needed = trainingSeconds(modelShape(withNetworkSettings(config, setting), nItems), pairs);
    if (within.length > 0 && needed > left) {
      beyond.push(setting);
      continue;
    }
    within.push(setting);
    left -= needed;
  }
  return { within, beyond };
}

/** Seconds of one training on two cores by its arithmetic: gates and output layer of each pair, forward and backward together. */
function trainingSeconds({ nItems, embeddingDim, hiddenDim, numLayers }: GruConfig, pairs: number): number {
  const gates = 3 * hiddenDim * (embeddingDim + hiddenDim + (numLayers - 1) * 2 * hiddenDim);
  return (epochsExpected * pairs * (gates + nItems * hiddenDim)) / multiplyAddsPerSecond;
}

/** Trains one setting and ranks the held-out people. */
async function tryOne(
  { config: run, progress, seconds, signal, open }: NetworkSearchOptions,
  data: DataSet,
  index: number,
  settings: readonly NetworkSettings[],
): Promise<NetworkSearch["tried"][number]> {
  const setting = entryAt(settings, index);
  const config = withNetworkSettings(run, setting);
  const shape = modelShape(config, data.items.length);
  const stage = `${searchStage} ${index + 1}/${settings.length}, ${networkSettingsInWords(setting)}`;
  const engine = await open(shape);
  try {
    const network = await trainPlainGru("gru", {
      ...{ engine, shape, config, data, seconds, checkpoints: noCheckpoints },
      progress: (event) => progress("stage" in event ? { ...event, stage } : event),
      ...(signal ? { signal } : {}),
    });
    if (network.stopped === "aborted") throw interruptedError({ found: "training was stopped" });
    const rules = supportRules("gru", config.metasgd_config);
    const scorer = networkScorer({ engine, theta: network.theta, alpha: null, rules });
    const ranked = await rankedValidationPeople(scorer, data, 0);
    const people = byPerson(data.val.windows.first.user, personalMrr(ranked, data.items.length));
    const mrr = people.reduce((sum, value) => sum + value, 0) / people.length;
    progress({ type: "done", stage, text: `MRR ${mrr.toFixed(4)} at epoch ${network.bestIteration}` });
    return { mrr, epoch: network.bestIteration, people };
  } finally {
    engine.dispose();
  }
}

/** The mean over each person's queries; people in the order of their first query. */
function byPerson(user: Int32Array, values: readonly number[]): number[] {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [i, value] of values.entries()) {
    const person = entryAt(user, i);
    const own = sums.get(person) ?? { sum: 0, count: 0 };
    sums.set(person, { sum: own.sum + value, count: own.count + 1 });
  }
  return [...sums.values()].map(({ sum, count }) => sum / count);
}

/** A setting that was stopped is trained again: the search keeps no state within it. */
const noCheckpoints: TrainingCheckpoints = {
  due: () => false,
  save: () => Promise.resolve(),
  latest: () => Promise.resolve(undefined),
};

/** The first setting, or the best of those with a significant gain over it. */
export function choose({ tried }: Pick<NetworkSearch, "tried">, seed: number): NonNullable<NetworkSearch["chosen"]> {
  const [first, ...others] = tried;
  const gains = others.map(({ people }) => Float64Array.from(gainsOf(people, first?.people ?? [])));
  const { p, byChance } = maxZ(gains, randomStream(seed, "network search/sign flips"));
  const [best] = others
    .map(({ mrr }, i) => ({ mrr, setting: i + 1 }))
    .filter((_, i) => entryAt(p, i) <= 0.05)
    .sort((a, b) => b.mrr - a.mrr);
  return { setting: best?.setting ?? 0, p: [...p], gainByChance: byChance.gain };
}

function inMinutes(minutes: number): string {
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}
