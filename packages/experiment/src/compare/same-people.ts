import { dataError, usageError } from "@kshot/contract";
import type { Evaluation, Results } from "@kshot/contract/schemas";
import { type EvaluationPlace, fewShotOf } from "../few-shot.js";

/** A result and where it came from, for messages. */
export interface NamedResult {
  readonly file: string;
  /** What its run is called, where several runs train one algorithm with different settings. */
  readonly label?: string;
  readonly result: Results;
}

/** Refuses results of other data or another K and Q than the first: figures of different people do not compare. */
export function requireSameData(results: readonly NamedResult[]): void {
  const [first] = results;
  for (const { file, result } of results) {
    const [ours, theirs] = [first!.result, result];
    if (ours.data.fingerprint !== theirs.data.fingerprint) {
      throw dataError({
        where: `${first!.file} and ${file}`,
        found: `data with the fingerprints ${ours.data.fingerprint} and ${theirs.data.fingerprint}`,
        expected: "results of the same data and split",
        todo: "Train both on one data folder",
      });
    }
    if (ours.k !== theirs.k || ours.q !== theirs.q) {
      throw dataError({
        where: `${first!.file} and ${file}`,
        found: `K = ${ours.k}, Q = ${ours.q} and K = ${theirs.k}, Q = ${theirs.q}`,
        expected: "results of the same K and Q",
      });
    }
  }
}

/** Refuses results that do not have the same people in the same order. */
export function requireSamePeople(results: readonly NamedResult[], place: EvaluationPlace): void {
  const of = ({ result }: NamedResult) => fewShotOf(result, place);
  const first = of(results[0]!);
  for (const named of results) {
    const own = of(named);
    if (first === undefined || own === undefined) {
      throw usageError({
        where: (first === undefined ? results[0]! : named).file,
        found: `no evaluation on the ${place.split} people, window ${place.window}`,
        expected: "results of the same split and windows",
        todo: "Choose with --split and --window what all of them have, or leave that file out",
      });
    }
    const differs = own.people.user.findIndex((user, i) => user !== first.people.user[i]);
    if (differs === -1 && own.people.user.length === first.people.user.length) continue;
    throw dataError({
      where: named.file,
      found: `${own.people.user.length} people, who differ from those of ${results[0]!.file} at number ${Math.max(differs, 0)}`,
      expected: `the same ${first.people.user.length} people in the same order`,
    });
  }
}

/**
 * The split that all results have, the test people first.
 *
 * @throws `DATA`, naming both files and their data, for results of different splits.
 */
export function commonSplit(results: readonly NamedResult[]): Evaluation["split"] {
  const has = ({ result }: NamedResult, split: Evaluation["split"]) =>
    result.evaluations.some((evaluation) => evaluation.split === split);
  const common = (["test", "val"] as const).find((split) => results.every((named) => has(named, split)));
  if (common !== undefined) return common;
  // Each split is missing somewhere: the two files of which neither has the other's.
  const onlyTest = results.find((named) => !has(named, "val"))!;
  const onlyVal = results.find((named) => !has(named, "test"))!;
  throw dataError({
    where: `${onlyTest.file} and ${onlyVal.file}`,
    found: `results of different splits: the one of the test people of the data ${onlyTest.result.data.fingerprint}, the other of the validation people of the data ${onlyVal.result.data.fingerprint}`,
    expected: "results of the same people",
    todo: "Evaluate both models on one split (kshot evaluate --split)",
  });
}

/** Refuses a window of one person: an interval over people would have no width, and look certain. */
export function requireSeveralPeople({ file, result }: NamedResult, place: EvaluationPlace): void {
  if (fewShotOf(result, place)!.people.user.length > 1) return;
  throw dataError({
    where: `${file}, ${place.split} people, window ${place.window}`,
    found: "results of 1 person",
    expected: "at least 2: an interval is over people (and from 30 on it can be taken at its word)",
    todo: "Prepare the data with a larger share for this split, and train anew",
  });
}
