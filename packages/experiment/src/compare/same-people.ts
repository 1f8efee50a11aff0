import { dataError, usageError } from "@kshot/contract";
import type { Results } from "@kshot/contract/schemas";
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
