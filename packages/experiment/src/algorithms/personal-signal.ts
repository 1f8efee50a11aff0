import {
  crossSessionExpert,
  type Expert,
  fitExperts,
  fitRows,
  fitStack,
  itemsRepeat,
  type Row,
  type StackExample,
  seenFeatures,
  stackLogProbabilities,
  stackRow,
} from "@kshot/baselines";
import { type DataSet, entryAt, interruptedError, type Pairs } from "@kshot/contract";
import type { PersonalSignal } from "@kshot/contract/schemas";
import { episodeQuery, episodeSupport } from "@kshot/episodes";
import { pairedDifference, randomStream, rankOf, reciprocalRank } from "@kshot/metrics";
import { evenlySpaced } from "../evaluation/index.js";
import type { Progress } from "../progress.js";

/** Largest number of validation queries: more would hardly make the interval narrower. */
const mostQueries = 4000;

/** Limit of numbers in memory, single precision: log-probabilities of all experts for every query. */
const mostNumbers = 2 ** 25;

/** Number of experts in memory. */
const expertsKept = 10;

/** Number of parts of the people: the weights for one part are fitted on the others. */
const folds = 10;

interface Asked {
  readonly person: number;
  readonly query: ArrayLike<number>;
  readonly support: Pairs;
  readonly label: number;
}

/**
 * Measures whether there is a personal signal outside a query's own session: the gain of one more expert over the mixture of
 * counts on the validation people. The expert is the pointwise mutual information between the items of a person's other sessions
 * and the next item (`cross-session-pmi`). No network is trained.
 *
 * The mixture is fitted on the validation people's pairs. The stack of the mixture, popularity (which the expert contains) and
 * the expert is cross-fitted: its weights for a tenth of the people are fitted on the other people, and the same for the stack
 * without the expert. The gain is therefore measured on people on whom no weight of the comparison was fitted.
 *
 * @returns gain in MRR with its 95 % interval over people; null if every person has one session, because a query's own history
 * then contains everything, and if fewer than 2 validation people have K + Q pairs
 * @throws `INTERRUPTED` when `signal` fires
 */
export async function personalSignal(
  data: DataSet,
  { progress, signal }: { readonly progress: Progress; readonly signal?: AbortSignal },
): Promise<PersonalSignal> {
  const nItems = data.items.length;
  const asked = queriesOf(data, Math.min(mostQueries, Math.floor(mostNumbers / (expertsKept * nItems))));
  const people = new Set(asked.map(({ person }) => person)).size;
  const base = { people, queries: asked.length };
  const stage = "The gain from a person's other sessions";
  const experts = people < 2 ? [] : fitExperts(data.train.pairs, nItems);
  const pmi = experts.find(({ name }) => name === crossSessionExpert.name);
  if (pmi === undefined) return { ...base, gain: null };
  progress({ type: "stage", stage, total: 2 * asked.length, unit: "pair" });
  const counting = experts.filter((expert) => expert !== pmi);
  const popular = counting.findIndex(({ name }) => name === "popularity");
  let done = 0;
  const tick = async () => {
    if (signal?.aborted) throw interruptedError({ found: "the measurement of the personal signal was stopped" });
    done++;
    if (done % 20 !== 0) return;
    progress({ type: "step", stage, done, figures: {} });
    // A signal is handled between two queries.
    await new Promise((resolve) => setImmediate(resolve));
  };
  const repeats = itemsRepeat(data.train.pairs);
  const random = () => randomStream(1, "personal signal/normaliser");
  const examples: StackExample[] = [];
  for (const one of asked) {
    examples.push(exampleOf(counting, one));
    await tick();
  }
  const mixture = fitStack(
    counting.map(({ name }) => name),
    examples,
    { repeats, random: random(), withShares: false },
  );
  const pairs: StackExample[] = [];
  for (const [i, one] of asked.entries()) {
    const example = entryAt(examples, i);
    const mixed = stackLogProbabilities(mixture, example.logProbabilities, example.seen, example.last);
    const own = pmi.logProbabilities(one.query, one.support);
    const common = entryAt(example.logProbabilities, popular);
    pairs.push({ ...example, logProbabilities: [Float32Array.from(mixed), common, Float32Array.from(own)] });
    await tick();
  }
  const names = ["mixture", "popularity", "other sessions"];
  const draws = random();
  const rows = pairs.map((pair) => stackRow(names, pair, { repeats, random: draws }));
  const fitted = (among: readonly string[]) => crossFitted(names, among, { pairs, rows }, asked, repeats);
  const without = fitted(names.slice(0, 2));
  const withExpert = fitted(names);
  const perPerson = (values: readonly number[]) => meansOf(values, asked, people);
  const { value, low, high } = pairedDifference(
    { method: [perPerson(withExpert)], reference: [perPerson(without)], queries: countsOf(asked, people) },
    randomStream(1, "personal signal"),
    { range: [-1, 1] },
  );
  progress({ type: "done", stage, text: `${asked.length} queries of ${people} validation people` });
  return { ...base, gain: { value, low, high } };
}

/** Reciprocal ranks of the labels, each by weights of other people, in a stack of the experts `among`. */
function crossFitted(
  experts: readonly string[],
  among: readonly string[],
  { pairs, rows }: { readonly pairs: readonly StackExample[]; readonly rows: readonly Row[] },
  asked: readonly Asked[],
  repeats: boolean,
): number[] {
  const found: number[] = new Array(pairs.length).fill(0);
  const places = among.map((name) => experts.indexOf(name));
  for (let fold = 0; fold < folds; fold++) {
    const isHeld = (i: number) => entryAt(asked, i).person % folds === fold;
    // A label that the mixture excludes (the item just seen) has no probability to learn from.
    const others = rows.filter((_, i) => {
      const { label, last } = entryAt(pairs, i);
      return !isHeld(i) && (repeats || label !== last);
    });
    if (others.length === 0) continue;
    const stack = fitRows(experts, others, { among, repeats, seenRule: false, withShares: false });
    for (const [i, { logProbabilities, seen, last, label }] of pairs.entries()) {
      if (!isHeld(i)) continue;
      const own = places.map((place) => entryAt(logProbabilities, place));
      found[i] = reciprocalRank(rankOf(stackLogProbabilities(stack, own, seen, last), label));
    }
  }
  return found;
}

function exampleOf(experts: readonly Expert[], { query, support, label }: Asked): StackExample {
  return {
    logProbabilities: experts.map((expert) => Float32Array.from(expert.logProbabilities(query, support))),
    seen: seenFeatures(query, support),
    last: entryAt(query, query.length - 1),
    label,
  };
}

/** The queries of the validation people's first window, of all people or of those evenly spaced; people are numbered from 0. */
function queriesOf({ val, q }: DataSet, most: number): Asked[] {
  const episodes = val.windows.first;
  const chosen = evenlySpaced(episodes.length, Math.max(2, Math.floor(most / q)));
  return chosen.flatMap((episode, person) => {
    const support = episodeSupport(val.pairs, episodes, episode);
    const { sequences, labels } = episodeQuery(val.pairs, episodes, episode);
    return sequences.map((query, row): Asked => ({ person, query, support, label: entryAt(labels, row) }));
  });
}

function countsOf(asked: readonly Asked[], people: number): number[] {
  return sumsOf(
    asked.map(() => 1),
    asked,
    people,
  );
}

function meansOf(values: readonly number[], asked: readonly Asked[], people: number): number[] {
  const counts = countsOf(asked, people);
  return sumsOf(values, asked, people).map((sum, person) => sum / entryAt(counts, person));
}

function sumsOf(values: readonly number[], asked: readonly Asked[], people: number): number[] {
  const sums: number[] = new Array(people).fill(0);
  for (const [i, { person }] of asked.entries()) sums[person] = (sums[person] ?? 0) + entryAt(values, i);
  return sums;
}
