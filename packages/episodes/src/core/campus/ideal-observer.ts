import { type Pairs, usageError } from "@kshot/contract";
import { type Campus, nextDistribution, startDistribution } from "./campus.js";

/** Scores items by their true probability, given the information of a recommender. */
export interface IdealObserver {
  /**
   * P(next item | the query's own session so far, and the support pairs unless null), written to `out`, `[items]`. Adds up to 1.
   * Query and support hold item numbers of the vocabulary that the observer was made for.
   */
  score(query: ArrayLike<number>, support: Pairs | null, out: Float64Array): Float64Array;
}

/**
 * The exact Bayes predictive of the campus, the ceiling for every method:
 *
 *   P(next | evidence) = Σ_type P(type | evidence) · P(next | last item, type)
 *   P(type | evidence) ∝ P(type) · Π P(session start | type) · Π P(transition | type)
 *
 * A click counts once. Support pairs of one session are nested: a pair whose prefix is the last one's prefix and label adds only
 * its own transition. A query that continues the support's last session adds only the clicks after it. (If one session starts
 * exactly as another ended, they count as one session; pairs do not contain the difference.)
 *
 * `items` is the vocabulary of the prepared data, by item number. @throws a `USAGE` error for an item that is not a course of
 * this campus.
 */
export function idealObserver(campus: Campus, items: readonly string[]): IdealObserver {
  const numberOf = new Map(campus.courses.map(({ id }, number) => [id, number]));
  const course = Int32Array.from(items, (name) => {
    const number = numberOf.get(name);
    if (number === undefined) {
      throw usageError({
        where: "ideal observer",
        found: `item "${name}"`,
        expected: "a course of this campus",
        todo: "Give the options the events were made with",
      });
    }
    return number;
  });
  const n = campus.courses.length;
  const tables = new Map<number, Float64Array>();
  /** P(next | current, type); current −1: start of a session. */
  const chance = (type: number, current: number, next: number): number => distribution(type, current)[next]!;
  const distribution = (type: number, current: number): Float64Array => {
    const key = type * (n + 1) + current + 1;
    let table = tables.get(key);
    if (!table) {
      if (tables.size * n > 8e6) tables.clear();
      const who = campus.types[type]!;
      table = current === -1 ? startDistribution(campus, who) : nextDistribution(campus, current, who);
      tables.set(key, table);
    }
    return table;
  };
  const logPosterior = new Float64Array(campus.types.length);
  /** Adds the evidence of a session's clicks from `from` on; click 0 is its start. */
  const observe = (clicks: ArrayLike<number>, from: number): void => {
    for (let i = from; i < clicks.length; i++) {
      const current = i === 0 ? -1 : course[clicks[i - 1]!]!;
      for (let type = 0; type < logPosterior.length; type++) {
        logPosterior[type]! += Math.log(chance(type, current, course[clicks[i]!]!));
      }
    }
  };
  return {
    score(query, support, out) {
      campus.prior.forEach((share, type) => {
        logPosterior[type] = Math.log(share);
      });
      let open: number[] = [];
      support?.sequences.forEach((prefix, pair) => {
        const clicks = [...Array.from(prefix), support.labels[pair]!];
        observe(clicks, beginsWith(prefix, open) ? open.length : 0);
        open = clicks;
      });
      observe(query, beginsWith(query, open) ? open.length : 0);
      const most = Math.max(...logPosterior);
      let total = 0;
      for (const value of logPosterior) total += Math.exp(value - most);
      const current = query.length === 0 ? -1 : course[query[query.length - 1]!]!;
      out.fill(0);
      for (let type = 0; type < logPosterior.length; type++) {
        const weight = Math.exp(logPosterior[type]! - most) / total;
        if (weight < 1e-12) continue;
        const next = distribution(type, current);
        for (let item = 0; item < out.length; item++) out[item]! += weight * next[course[item]!]!;
      }
      return out;
    },
  };
}

/** The clicks of a session that is still open are at the beginning of `sequence`. */
function beginsWith(sequence: ArrayLike<number>, open: readonly number[]): boolean {
  return open.length > 0 && sequence.length >= open.length && open.every((item, i) => sequence[i] === item);
}
