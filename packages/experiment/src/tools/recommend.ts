import { usageError } from "@kshot/contract";
import { type EngineChoice, openEngine } from "../config/index.js";
import { networkScorer, type Person, type PersonScorer, supportRules } from "../evaluation/index.js";
import { loadNetwork } from "../run/index.js";
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
  const { metadata, shape, theta, alpha } = await loadNetwork(model);
  const { algorithm, config, items, titles } = metadata;
  const rules = supportRules(algorithm, config.metasgd_config);
  const engine = await openEngine(choice, shape, rules.readout);
  const scorer = networkScorer({ engine, theta, alpha, rules });
  const find = itemFinder(items, titles);
  return {
    algorithm,
    adapts: alpha !== null,
    recommend: async (history, { top = 10, newOnly = false } = {}) => {
      const sessions = sessionsOf(history).map((session) => session.map(find));
      const person = personOf(sessions, config.K);
      const pairs = alpha === null ? 0 : person.support.labels.length;
      const steps = pairs === 0 ? 0 : rules.innerSteps;
      const met = new Set(newOnly ? sessions.flat() : []);
      const ranked = rankedItems(await probabilities(scorer, person, steps), met).slice(0, top);
      return {
        items: ranked.map(({ item, probability }, i) => ({
          rank: i + 1,
          item: items[item]!,
          ...(titles ? { title: titles[item]! } : {}),
          probability,
        })),
        adapted: { pairs, steps },
      };
    },
    dispose: () => engine.dispose(),
  };
}

/** A person by their sessions: the last k pairs, and the open session as the query. */
function personOf(sessions: readonly (readonly number[])[], k: number): Person {
  const { support, query } = supportOfHistory(sessions, k);
  const [label] = query;
  if (label === undefined) {
    throw usageError({ where: "history", found: "no items", expected: "at least one item, the oldest first" });
  }
  // A query has a label, which scoring does not read.
  const pairsOf = (history: readonly number[]) => ({ sequences: [history], labels: [label] });
  return { support, query: pairsOf(query), queryInContext: pairsOf(sessions.flat()) };
}

async function probabilities(scorer: PersonScorer, person: Person, steps: number): Promise<Float64Array> {
  const [[logits] = []] = await scorer.scores([person], [steps]);
  return softmax(logits!.values);
}

/** Items by falling probability; of equal ones the lower number first. */
function rankedItems(values: Float64Array, without: ReadonlySet<number>) {
  return Array.from(values, (probability, item) => ({ item, probability }))
    .filter(({ item }) => !without.has(item))
    .sort((a, b) => b.probability - a.probability || a.item - b.item);
}

function sessionsOf(history: History): readonly (readonly string[])[] {
  return isNested(history) ? history : [history];
}

function isNested(history: History): history is readonly (readonly string[])[] {
  return history.every((entry) => Array.isArray(entry));
}

function softmax(logits: ArrayLike<number>): Float64Array {
  let most = -Infinity;
  for (let i = 0; i < logits.length; i++) most = Math.max(most, logits[i]!);
  const values = Float64Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}
