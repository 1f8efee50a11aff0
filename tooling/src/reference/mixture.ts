import { type PlainData, plainPrior } from "./count-models.js";

/** A second implementation of what the mixture adds to the counting methods: its history, the features of seen items and their sum. */

/** A person's pairs before a query. */
export interface PlainSupport {
  readonly sequences: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

/**
 * The person's events before a query, session by session, the query's prefix last. A sequence that begins with the end of the one before,
 * two items or more, continues it, as one that equals it.
 */
export function plainHistory(query: readonly number[], support: PlainSupport | null): number[][] {
  const all = [...(support?.sequences ?? []).map((items, i) => [...items, support!.labels[i]]), [...query]];
  const sessions: number[][] = [];
  for (const items of all) {
    const open = sessions.pop() ?? [];
    // The longest common part, counted from 2; the whole of `open` where `items` is longer.
    const shared = Array.from({ length: Math.min(open.length, items.length) + 1 }, (_, n) => n)
      .reverse()
      .find((n) => n >= 2 && `${open.slice(-n)}` === `${items.slice(0, n)}`);
    if (shared !== undefined) sessions.push([...open, ...items.slice(shared)]);
    else if (open.length === 0 || `${open}` === `${items}`) sessions.push(items);
    else sessions.push(open, items);
  }
  return sessions;
}

/** PMI of items of earlier sessions and the next item, as `cross-session-pmi`: p(b) ∝ p₀(b)·exp(sharpness·mean PMI). */
export function plainCrossSessionPmi(data: PlainData, latest: number, kappa: number, sharpness: number) {
  const p0 = plainPrior(data);
  const together = new Map<string, number>();
  const withItem = new Array<number>(data.nItems).fill(0);
  const withLabel = new Array<number>(data.nItems).fill(0);
  let n = 0;
  for (const user of new Set(data.pairs.map((pair) => pair.user))) {
    const own = data.pairs.filter((pair) => pair.user === user).sort((a, b) => a.time - b.time);
    const before: number[] = [];
    let current: number[] = [];
    own.forEach(({ session, prefix, label }, i) => {
      const begins = i === 0 || own[i - 1].session !== session;
      if (begins) before.push(...current);
      if (begins) current = [...prefix];
      else if (current.at(-1) !== prefix.at(-1)) current.push(...prefix.slice(-1));
      current.push(label);
      const items = latestDistinct(before, latest);
      if (items.length === 0) return;
      n++;
      withLabel[label]++;
      for (const item of items) {
        withItem[item]++;
        together.set(`${item} ${label}`, (together.get(`${item} ${label}`) ?? 0) + 1);
      }
    });
  }
  return (earlier: readonly number[]): number[] => {
    const items = latestDistinct(earlier, latest);
    const raised = p0.map((p, next) => {
      let sum = 0;
      for (const item of items) {
        const both = together.get(`${item} ${next}`);
        if (both === undefined) continue;
        sum += Math.log((both + kappa) / ((withItem[item] * withLabel[next]) / n + kappa));
      }
      return items.length === 0 ? p : p * Math.exp((sharpness * sum) / items.length);
    });
    const total = raised.reduce((a, b) => a + b, 0);
    return raised.map((p) => p / total);
  };
}

/**
 * log p of a stack up to a constant: Σ w·log p + w·seen features.
 *
 * @param weights of the experts, then of seen, 1/(age + 1) and log(1 + count)
 */
export function plainStack(
  experts: readonly (readonly number[])[],
  weights: readonly number[],
  history: readonly number[],
): number[] {
  const [seen = 0, recently = 0, often = 0] = weights.slice(experts.length);
  return (experts[0] ?? []).map((_, item) => {
    let score = 0;
    experts.forEach((p, e) => {
      score += weights[e] * Math.log(p[item]);
    });
    const count = history.filter((other) => other === item).length;
    if (count === 0) return score;
    const age = history.length - 1 - history.lastIndexOf(item);
    return score + seen + recently / (age + 1) + often * Math.log(1 + count);
  });
}

function latestDistinct(items: readonly number[], most: number): number[] {
  return [...new Set([...items].reverse())].slice(0, most);
}
