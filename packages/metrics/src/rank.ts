import { failedError } from "@kshot/contract";

/** Rank of a label among all items: the part of a `RankedQuery` that comes from the scores. */
export interface Rank {
  /** Number of items that score strictly higher than the label: g. */
  readonly higher: number;
  /** Number of other items with exactly the label's score: m. */
  readonly tied: number;
}

/**
 * The rank of the label among all items (docs/files.md, Metrics).
 *
 * `higher = #{i : s_i > s_label}`, `tied = #{i ≠ label : s_i = s_label}`; `scores` is `[nItems]`, ±Infinity allowed.
 *
 * @throws `FAILED` for a NaN score (the message names the item) and for a label without a score.
 * @example
 * ```js
 * import { rankOf } from "@kshot/metrics";
 *
 * console.log(rankOf([0.1, 0.7, 0.7, 0.9], 1)); // { higher: 1, tied: 1 }
 * ```
 */
export function rankOf(scores: ArrayLike<number>, label: number): Rank {
  const n = scores.length;
  if (!Number.isInteger(label) || label < 0 || label >= n) {
    throw failedError({
      where: "ranking",
      found: `label ${label} among ${n} scores`,
      expected: n === 0 ? "at least one score" : `a label from 0 to ${n - 1}`,
    });
  }
  const own = scores[label]!;
  let higher = 0;
  let tied = -1; // the label equals itself
  for (let item = 0; item < n; item++) {
    const score = scores[item]!;
    if (score > own) higher++;
    else if (score === own) tied++;
    else if (!(score < own)) throw notANumber(scores);
  }
  return { higher, tied };
}

/** Finds the first item whose score is NaN. If the label's score is NaN, every comparison fails at another item. */
function notANumber(scores: ArrayLike<number>) {
  const item = Array.from(scores).findIndex((score) => Number.isNaN(score));
  return failedError({
    where: `ranking, item ${item}`,
    found: "a score that is not a number (NaN)",
    expected: "a number for every item",
    todo: "The model has NaN in its parameters or states; train it with a smaller learning rate",
  });
}
