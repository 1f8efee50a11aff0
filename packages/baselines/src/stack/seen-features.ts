import type { Pairs } from "@kshot/contract";
import { personHistory } from "../counts/person-history.js";

/** Names of the features of an item that the person has seen. */
export const seenFeatureNames = ["seen", "seen recently", "seen often"] as const;

/** Features of the items of a person's history, one entry per distinct item. */
export interface SeenFeatures {
  readonly items: Int32Array;
  /** `[items, 3]` row-major: 1; 1/(age + 1); log(1 + count). */
  readonly values: Float64Array;
}

/**
 * The features of the items of a person's history: an indicator, 1/(age + 1) and log(1 + count).
 *
 * The history is the support pairs and the query's prefix; age counts events from its end, from 0.
 */
export function seenFeatures(query: ArrayLike<number>, support: Pairs | null): SeenFeatures {
  const history = personHistory(query, support).flat();
  const facts = new Map<number, { readonly age: number; count: number }>();
  for (let i = history.length - 1; i >= 0; i--) {
    const item = history[i]!;
    const known = facts.get(item);
    if (known === undefined) facts.set(item, { age: history.length - 1 - i, count: 1 });
    else known.count++;
  }
  const values = new Float64Array(3 * facts.size);
  let at = 0;
  for (const { age, count } of facts.values()) {
    values.set([1, 1 / (age + 1), Math.log(1 + count)], at);
    at += 3;
  }
  return { items: Int32Array.from(facts.keys()), values };
}
