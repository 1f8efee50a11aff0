import type {
  DataSet,
  Engine,
  EpisodeTable,
  Logits,
  Pairs,
  PairTable,
  ParameterVector,
  RankedQuery,
} from "@kshot/contract";
import type { Evaluation } from "@kshot/contract/schemas";
import { episodeQuery, episodeSupport, historyLengths, withEarlierContext, withSupportContext } from "@kshot/episodes";
import { adaptAtSteps } from "@kshot/meta-sgd";
import { rankOf } from "@kshot/metrics";
import { type EvaluationPlan, evaluationEntry, type RankedPeople } from "./evaluation-entry.js";

/** Scores held at once, in numbers: bounds memory, changes no number. */
const mostScores = 2 ** 18;

/** People evaluated together. Where θ of each person comes out of the engine, fewer. */
function peopleAtOnce(engine: Engine, scoresPerPerson: number): number {
  const most = engine.adaptedLogits ? 256 : 32;
  return Math.max(1, Math.min(most, Math.floor(mostScores / scoresPerPerson)));
}

/** A network and how it takes up the support pairs. */
export interface NetworkUse {
  readonly engine: Engine;
  readonly theta: ParameterVector;
  readonly alpha: ParameterVector;
  /** Inner gradients are scaled to at most this norm. */
  readonly innerClip?: number;
  /** The support pairs are read: each query's history begins with them, and each support pair's with those before it. */
  readonly context?: boolean;
}

/**
 * Evaluates a network as training adapts it: θ_{k+1} = θ_k − α∘∇L_support(θ_k), then the query pairs are ranked among all items
 * (notebook cells 07c-10 and 07c-11). Zero-shot (0 steps) always reads the carried state, as the notebook's packed GRU did.
 */
export async function evaluateNetwork(
  options: NetworkUse & {
    readonly data: DataSet;
    readonly plan: EvaluationPlan;
    readonly seed: number;
    readonly onPeople?: (done: number, total: number) => void;
  },
): Promise<Evaluation[]> {
  const { data, plan, seed } = options;
  const supports = plan.supports ?? [data.k];
  const { pairs, windows } = data[plan.split];
  const total = plan.windows.reduce((sum, window) => sum + windows[window].length, 0) * supports.length;
  let done = 0;
  const evaluations: Evaluation[] = [];
  for (const window of plan.windows) {
    const episodes = windows[window];
    for (const k of supports) {
      // Without support pairs there is nothing to step on.
      const counts = k === 0 ? [0] : plan.steps;
      const ranked = await rankEverybody(
        { ...options, pairs, episodes, k, steps: counts, shown: plan.shown ?? [] },
        (people) => {
          done += people;
          options.onPeople?.(done, total);
        },
      );
      counts.forEach((steps, i) => {
        evaluations.push(evaluationEntry(data, { split: plan.split, window, k, steps }, ranked[i]!, seed));
      });
    }
  }
  return evaluations;
}

/** Ranks of all people of a window after each of `steps` inner steps. */
export async function rankEverybody(
  options: NetworkUse & {
    readonly pairs: PairTable;
    readonly episodes: EpisodeTable;
    readonly k: number;
    readonly steps: readonly number[];
    /** Numbers of steps, among `steps`, after which people are also shown; none by default. */
    readonly shown?: readonly number[];
  },
  onPeople?: (people: number) => void,
): Promise<RankedPeople[]> {
  const { engine, pairs, episodes, k, steps, shown = [] } = options;
  const user = Array.from(episodes.user, (u) => pairs.users[u]!);
  const historyLength = Array.from(historyLengths(pairs, episodes));
  const queries: RankedQuery[][][] = steps.map(() => []);
  const history: number[][] = [];
  const top: number[][][] = steps.map(() => []);
  const nItems = engine.layout.tensors.at(-1)!.size;
  const atOnce = peopleAtOnce(engine, steps.length * episodes.q * nItems);
  for (let first = 0; first < episodes.length; first += atOnce) {
    const last = Math.min(first + atOnce, episodes.length);
    const people = Array.from({ length: last - first }, (_, i) => {
      const support = lastPairs(episodeSupport(pairs, episodes, first + i), k);
      const query = episodeQuery(pairs, episodes, first + i);
      return { support, query, met: itemsMet(support) };
    });
    const scores = await adaptedScores(options, people, steps);
    if (shown.length > 0) history.push(...people.map(({ support, query }) => metLast(support, query)));
    for (const [i, logits] of scores.entries()) {
      people.forEach((person, p) => {
        queries[i]!.push(rankQueries(logits[p]!, person.met, person.query));
        if (shown.includes(steps[i]!)) top[i]!.push(bestItems(logits[p]!));
      });
    }
    onPeople?.(last - first);
  }
  return queries.map((ranks, i) => ({
    ...{ user, historyLength, queries: ranks },
    ...(shown.includes(steps[i]!) ? { shown: { history, top: top[i]! } } : {}),
  }));
}

/** The last 10 items before the first query, sessions of the support pairs included. */
function metLast(support: Pairs, query: Pairs): number[] {
  const first = { sequences: query.sequences.slice(0, 1), labels: [query.labels[0]!] };
  return Array.from(withSupportContext(support, first).sequences[0]!).slice(-10);
}

/** The five items of the highest scores of the first query; of equal ones the lower number. */
function bestItems({ values, columns }: Logits): number[] {
  const best: number[] = [];
  for (let item = 0; item < columns; item++) {
    if (best.length === 5 && !(values[item]! > values[best[4]!]!)) continue;
    let place = best.length;
    while (place > 0 && values[item]! > values[best[place - 1]!]!) place--;
    best.splice(place, 0, item);
    best.length = Math.min(best.length, 5);
  }
  return best;
}

/** `result[i][p]`: scores of person p's queries after `steps[i]` steps on their support. */
async function adaptedScores(
  { engine, theta, alpha, innerClip, context }: NetworkUse,
  people: readonly { readonly support: Pairs; readonly query: Pairs }[],
  steps: readonly number[],
): Promise<(readonly Logits[])[]> {
  const queryOf = (person: { readonly support: Pairs; readonly query: Pairs }) =>
    context ? withSupportContext(person.support, person.query) : person.query;
  if (steps.every((count) => count === 0)) {
    // Nothing adapts, and there may be nothing to adapt to.
    const queries = people.map((person) => engine.batch(queryOf(person), { readout: "carry" }));
    const scores = await engine.logits(
      people.map(() => theta),
      queries,
    );
    return steps.map(() => scores);
  }
  const supports = people.map(({ support }) => engine.batch(context ? withEarlierContext(support) : support));
  const asked = people.map((person) => engine.batch(queryOf(person)));
  const zeroShot = steps.includes(0) ? people.map((person) => engine.batch(queryOf(person), { readout: "carry" })) : [];
  const queriesAfter = (count: number) => (count === 0 ? zeroShot : asked);
  if (engine.adaptedLogits && innerClip === undefined) {
    const ascending = [...new Set(steps)].sort((a, b) => a - b);
    const found = await engine.adaptedLogits(theta, alpha, supports, ascending.map(queriesAfter), ascending);
    return steps.map((count) => found[ascending.indexOf(count)]!);
  }
  const adapted = await adaptAtSteps(
    engine,
    theta,
    alpha,
    supports,
    steps,
    innerClip === undefined ? {} : { innerClip },
  );
  const scores: (readonly Logits[])[] = [];
  for (const [i, count] of steps.entries()) scores.push(await engine.logits(adapted[i]!, queriesAfter(count)));
  return scores;
}

/** Where each query's label ranks, and whether the person had met it. */
function rankQueries(logits: Logits, met: ReadonlySet<number>, query: Pairs): RankedQuery[] {
  return query.sequences.map((prefix, row) => {
    const label = query.labels[row]!;
    const scores = logits.values.subarray(row * logits.columns, (row + 1) * logits.columns);
    return { label, seen: met.has(label) || includes(prefix, label), ...rankOf(scores, label) };
  });
}

/** Items of the support pairs, prefixes and labels. */
export function itemsMet(support: Pairs): ReadonlySet<number> {
  const met = new Set<number>();
  for (const sequence of support.sequences) for (let i = 0; i < sequence.length; i++) met.add(sequence[i]!);
  for (let i = 0; i < support.labels.length; i++) met.add(support.labels[i]!);
  return met;
}

export function includes(sequence: ArrayLike<number>, item: number): boolean {
  for (let i = 0; i < sequence.length; i++) if (sequence[i] === item) return true;
  return false;
}

/** The last k of a person's support pairs. */
function lastPairs(pairs: Pairs, k: number): Pairs {
  const n = pairs.sequences.length;
  if (k >= n) return pairs;
  return { sequences: pairs.sequences.slice(n - k), labels: Array.from(pairs.labels).slice(n - k) };
}
