import { askedMetric, dataError, KshotError, listLength, type MeasuredName, usageError } from "@kshot/contract";
import type { Evaluation } from "@kshot/contract/schemas";
import { fewShotOf, samePeople, usesSupport, zeroShotOf } from "./evaluations.js";
import { type Method, methodsOf, seedsOf } from "./methods.js";
import { evaluationKey } from "./models.js";
import { pairedSeeds } from "./paired-seeds.js";
import { type ComparableResults, type NamedResults, type Place, type Split, seedOf } from "./results.js";

/** @throws `DATA`, naming both files, for results whose data, K or Q differ from the first. */
export function requireSameData(all: readonly NamedResults[]): void {
  const [first] = all;
  if (first === undefined) return;
  const ours = first.results;
  for (const { name, results: theirs } of all) {
    if (ours.data.fingerprint !== theirs.data.fingerprint) {
      throw dataError({
        where: `${first.name} and ${name}`,
        found: `data with the fingerprints ${ours.data.fingerprint} and ${theirs.data.fingerprint}`,
        expected: "results of the same data and split",
        todo: "Train both on one data folder",
      });
    }
    if (ours.k !== theirs.k || ours.q !== theirs.q) {
      throw dataError({
        where: `${first.name} and ${name}`,
        found: `K = ${ours.k}, Q = ${ours.q} and K = ${theirs.k}, Q = ${theirs.q}`,
        expected: "results of the same K and Q",
      });
    }
  }
}

/**
 * @throws `USAGE` for results without the evaluation; `DATA` for results whose people, or their order, differ from the first.
 */
export function requireSamePeople(all: readonly NamedResults[], place: Place): void {
  const [start] = all;
  if (start === undefined) return;
  const first = fewShotOf(start.results, place);
  for (const named of all) {
    const own = fewShotOf(named.results, place);
    if (first === undefined || own === undefined) {
      throw usageError({
        where: (first === undefined ? start : named).name,
        found: `no evaluation on the ${place.split} people, window ${place.window}`,
        expected: "results of the same split and windows",
        todo: "Choose a split and a window that all files have (--split, --window), or leave that file out",
      });
    }
    if (samePeople(first, own)) continue;
    const differs = own.people.user.findIndex((user, i) => user !== first.people.user[i]);
    throw dataError({
      where: named.name,
      found: `${own.people.user.length} people, who differ from those of ${start.name} at number ${Math.max(differs, 0)}`,
      expected: `the same ${first.people.user.length} people in the same order`,
    });
  }
}

/**
 * Refuses results without an evaluation. A run writes such results if its data have no validation and test people.
 *
 * @throws `DATA`, naming the file.
 */
export function requireEvaluations(all: readonly NamedResults[]): void {
  const none = all.find(({ results }) => results.evaluations.length === 0);
  if (none === undefined) return;
  throw dataError({
    where: none.name,
    found: "results without an evaluation: all people are train people",
    expected: "results of a run whose data have validation and test people",
    todo: "Train on data that are prepared with other shares, as --split .8,.1,.1",
  });
}

/**
 * The split that all results have, the test people first.
 *
 * @throws `DATA`, naming both files and their data, for results of different splits.
 */
export function commonSplit(all: readonly NamedResults[]): Split {
  const has = ({ results }: NamedResults, split: Split) => results.evaluations.some((one) => one.split === split);
  const common = (["test", "val"] as const).find((split) => all.every((named) => has(named, split)));
  if (common !== undefined) return common;
  requireEvaluations(all);
  // Each split is missing in some file: there are two files without a common split.
  const onlyTest = all.find((named) => !has(named, "val"));
  const onlyVal = all.find((named) => !has(named, "test"));
  throw dataError({
    where: `${onlyTest?.name} and ${onlyVal?.name}`,
    found: `results of different splits: the one of the test people of the data ${onlyTest?.results.data.fingerprint}, the other of the validation people of the data ${onlyVal?.results.data.fingerprint}`,
    expected: "results of the same people",
    todo: "Evaluate both models on one split (kshot evaluate --split)",
  });
}

/**
 * Refuses one person: an interval over people needs at least two.
 *
 * @param options.where - the file or folder.
 * @param options.found - one person, in words.
 * @throws `DATA`, naming file, split and window.
 */
export function requireSeveralPeople(options: {
  readonly where: string;
  readonly place: Place;
  readonly people: number;
  readonly found: string;
  readonly todo: string;
}): void {
  const { where, place, people, found, todo } = options;
  if (people !== 1) return;
  throw dataError({
    where: `${where}, ${place.split} people, window ${place.window}`,
    found,
    expected: "at least 2 people: intervals are over people, and below 30 people they are too narrow",
    todo,
  });
}

/**
 * @throws `USAGE` for two results of one method and seed: two models, or a file that adds no evaluation to another file of its
 * model.
 */
export function requireOnePerSeed(all: readonly NamedResults[]): void {
  for (const { title, files } of methodsOf(all)) {
    const seeds = files.map(({ results }) => seedOf(results));
    const twice = seeds.find((seed, i) => seeds.indexOf(seed) < i) ?? seeds.find((_, i) => addsNothing(files[i]));
    if (twice === undefined) continue;
    throw usageError({
      where: "results to compare",
      found: `two of ${title} with seed ${twice}`,
      expected: "one result per method and seed",
      todo: "Leave one of the two out, or train with another --seed",
    });
  }
}

/** Whether two of a model's files have the same evaluations. */
function addsNothing(file: NamedResults | undefined): boolean {
  const content = (entry: Evaluation) =>
    [evaluationKey(entry), ...Object.keys(entry.moreMetrics ?? {}).sort()].join(" ");
  const keys = (file?.parts ?? []).map(({ results }) => results.evaluations.map(content).sort().join());
  return new Set(keys).size < keys.length;
}

/** @throws `USAGE`, naming both methods and their seeds, if a trained method has no seed in common with the reference. */
export function requireCommonSeeds(methods: readonly Method[], reference: Method, place: Place): void {
  for (const method of methods) {
    if (method === reference || pairedSeeds(method, reference, place) !== null) continue;
    const inWords = (seeds: readonly number[]) => `${seeds.length === 1 ? "seed" : "seeds"} ${seeds.join(", ")}`;
    throw usageError({
      where: `results of ${method.title} and ${reference.title}`,
      found: `${inWords(seedsOf(method))} of the one, ${inWords(seedsOf(reference))} of the other`,
      expected: "at least one seed in common: a difference is between trainings of the same seed",
      todo: "Train one of them with a seed of the other (--seed)",
    });
  }
}

/**
 * All checks of a comparison in one window.
 *
 * @throws as `requireSamePeople`, `requireSeveralPeople` and `requireCommonSeeds`.
 */
export function requireComparable(
  all: readonly NamedResults[],
  methods: readonly Method[],
  reference: Method,
  place: Place,
): void {
  requireSamePeople(all, place);
  const [first] = all;
  requireSeveralPeople({
    where: first?.name ?? "",
    place,
    people: (first && fewShotOf(first.results, place)?.people.user.length) ?? 0,
    found: "results of 1 person",
    todo: "Prepare the data with a larger share for this split, and train again",
  });
  requireCommonSeeds(methods, reference, place);
}

/**
 * Whether a metric can be computed from results: always for a metric of ranks; for a metric of lists if the evaluations at the
 * place contain each person's value.
 */
export function holdsMetric(results: ComparableResults, name: MeasuredName, place: Place): boolean {
  const metric = askedMetric(name);
  if (metric === undefined || listLength(metric) === 0) return true;
  const used = [fewShotOf(results, place), usesSupport(results, place) ? zeroShotOf(results, place) : undefined];
  return used.every((entry) => {
    const kept = entry?.moreMetrics?.[name];
    return entry === undefined || (kept?.perPerson ?? kept?.listed) !== undefined;
  });
}

/**
 * Refuses a metric of lists that an evaluation does not have: it cannot be computed from ranks.
 *
 * @throws `DATA`, naming the file.
 */
export function requireLists(all: readonly NamedResults[], name: MeasuredName, place: Place): void {
  const without = all.find(({ results }) => !holdsMetric(results, name, place));
  if (without === undefined) return;
  throw dataError({
    where: `${without.name}, ${place.split} people, window ${place.window}`,
    found: `no ${name}`,
    expected: "results with this metric: it needs the highest items of each query, and results do not contain them",
    todo: `Train or evaluate with --metrics ${name}`,
  });
}

/** The reason why results cannot be compared in a window, as in the error; null if they can. */
export function comparisonProblem(all: readonly NamedResults[], reference: Method, place: Place): string | null {
  try {
    requireSameData(all);
    requireComparable(all, methodsOf(all), reference, place);
    return null;
  } catch (error) {
    if (KshotError.isInstance(error)) return error.message;
    throw error;
  }
}
