import { type Engine, usageError } from "@kshot/contract";
import { withEarlierContext } from "@kshot/episodes";
import { adapt } from "@kshot/meta-sgd";
import { readsContext } from "../algorithm-table.js";
import { type EngineChoice, openEngine } from "../config/engine.js";
import { type LoadedNetwork, loadNetwork } from "../run/model-files.js";
import { itemFinder } from "./item-finder.js";
import { supportOfHistory } from "./support-of-history.js";

/** An item that fits a person. */
export interface Recommendation {
  /** 1 … */
  readonly rank: number;
  /** Its name in the events. */
  readonly item: string;
  readonly title?: string;
  /** Softmax over all items. */
  readonly probability: number;
}

/** What a person is told. */
export interface Recommendations {
  readonly items: readonly Recommendation[];
  /** What the model was fitted to the person by; 0 pairs or 0 steps: not at all. */
  readonly adapted: { readonly pairs: number; readonly steps: number };
}

/** A person's clicks: items by name or title, oldest first; or sessions of them. */
export type History = readonly string[] | readonly (readonly string[])[];

/** A saved model that answers. */
export interface Recommender {
  readonly algorithm: string;
  /** Whether it fits itself to a person: a model with inner learning rates. */
  readonly adapts: boolean;
  /**
   * Fits the model to the last K pairs of a history by its own inner steps (one click gives no pair: no fit), then ranks all items
   * for what comes next. `newOnly` leaves out what the person has met.
   *
   * @throws `USAGE` for a history without items, or an item that the model does not know (with the nearest names).
   */
  recommend(
    history: History,
    options?: { readonly top?: number; readonly newOnly?: boolean },
  ): Promise<Recommendations>;
  dispose(): void;
}

/** Opens a model to recommend with. @throws as `loadNetwork` and `openEngine`. */
export async function openRecommender(model: string, choice: EngineChoice): Promise<Recommender> {
  const network = await loadNetwork(model);
  const engine = await openEngine(choice, network.shape, network.metadata.config.metasgd_config.mask);
  const find = itemFinder(network.metadata.items, network.metadata.titles);
  return {
    algorithm: network.metadata.algorithm,
    adapts: network.alpha !== null,
    recommend: (history, options = {}) => recommend({ network, engine, find }, history, options),
    dispose: () => engine.dispose(),
  };
}

async function recommend(
  { network, engine, find }: { network: LoadedNetwork; engine: Engine; find: (name: string) => number },
  history: History,
  { top = 10, newOnly = false }: { readonly top?: number; readonly newOnly?: boolean },
): Promise<Recommendations> {
  const { metadata, theta, alpha } = network;
  const sessions = sessionsOf(history).map((session) => session.map(find));
  const { support, query } = supportOfHistory(sessions, metadata.config.K);
  if (query.length === 0) {
    throw usageError({ where: "history", found: "no items", expected: "at least one item, the oldest first" });
  }
  const pairs = alpha === null ? 0 : support.labels.length;
  const { num_inner_steps, inner_clip } = metadata.config.metasgd_config;
  const steps = pairs === 0 ? 0 : num_inner_steps;
  const clip = inner_clip === null ? {} : { innerClip: inner_clip };
  const context = readsContext(metadata.algorithm, metadata.config.metasgd_config);
  const observed = context ? withEarlierContext(support) : support;
  const [fitted] =
    alpha === null || steps === 0 ? [theta] : await adapt(engine, theta, alpha, [engine.batch(observed)], steps, clip);
  // A model of whole histories reads all sessions, one after the other.
  const known = context ? sessions.flat() : query;
  const asked = engine.batch({ sequences: [known], labels: [query[0]!] }, steps === 0 ? { readout: "carry" } : {});
  const [logits] = await engine.logits([fitted!], [asked]);
  const met = new Set(newOnly ? sessions.flat() : []);
  const probabilities = softmax(logits!.values);
  const items = Array.from(probabilities, (probability, item) => ({ item, probability }))
    .filter(({ item }) => !met.has(item))
    .sort((a, b) => b.probability - a.probability || a.item - b.item)
    .slice(0, top)
    .map(({ item, probability }, i) => ({
      rank: i + 1,
      item: metadata.items[item]!,
      ...(metadata.titles ? { title: metadata.titles[item]! } : {}),
      probability,
    }));
  return { items, adapted: { pairs, steps } };
}

function sessionsOf(history: History): readonly (readonly string[])[] {
  const nested = history.every((entry) => Array.isArray(entry));
  return (nested ? history : [history]) as readonly (readonly string[])[];
}

function softmax(logits: ArrayLike<number>): Float64Array {
  let most = -Infinity;
  for (let i = 0; i < logits.length; i++) most = Math.max(most, logits[i]!);
  const values = Float64Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}
