import { countRow, type DroppedRows, emptyTally, type Tally } from "./dropped-rows.js";
import { isLabel, type Sessions, type Ties } from "./sessions.js";

/** Pairs of each person, and the number of steps that are not a label. */
export interface PairCounts {
  /** `[people]`, number of pairs. */
  readonly ofPerson: Int32Array;
  /** The number of pairs, and the number without tied times. */
  readonly kept: number;
  readonly possible: number;
  /** First steps of sessions with more than one step: they start prefixes and are not a label. */
  readonly sessionStarts: number;
  /** People with events and without a pair; the row is their first. */
  readonly withoutPair: Tally;
}

/** Counts pairs; steps that make no pair are counted in `dropped` as tied times and sessions of one step. */
export function countPairs(sessions: Sessions, ties: Ties, dropped: DroppedRows): PairCounts {
  const { users, userOffsets, start, row } = sessions;
  const ofPerson = new Int32Array(users.length);
  const withoutPair = emptyTally();
  let kept = 0;
  let possible = 0;
  let sessionStarts = 0;
  for (let person = 0; person < users.length; person++) {
    const from = userOffsets[person]!;
    const end = userOffsets[person + 1]!;
    let first = row[from]!;
    for (let step = from; step < end; step++) {
      first = Math.min(first, row[step]!);
      if (step === start[step]) {
        if (step + 1 < end && start[step + 1] === step) sessionStarts++;
        else countRow(dropped.sessionOfOne, row[step]!);
        continue;
      }
      possible++;
      if (isLabel(sessions, step, ties)) ofPerson[person]!++;
      else countRow(dropped.tiedTime, row[step]!);
    }
    kept += ofPerson[person]!;
    if (ofPerson[person] === 0 && end > from) countRow(withoutPair, first);
  }
  return { ofPerson, kept, possible, sessionStarts, withoutPair };
}
