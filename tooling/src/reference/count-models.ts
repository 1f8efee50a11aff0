/**
 * A second implementation of the counting methods from their equations, for tests. It shares no code with the first. Each score
 * loops over all sessions or pairs with dense arrays, so it is slow.
 */

/** A train pair. */
export interface PlainPair {
  readonly user: number;
  readonly session: number;
  readonly time: number;
  readonly prefix: readonly number[];
  readonly label: number;
}

/** Train data. */
export interface PlainData {
  readonly nItems: number;
  readonly pairs: readonly PlainPair[];
}

interface Session {
  readonly id: number;
  readonly items: readonly number[];
  readonly time: number;
}

type Score = (query: readonly number[], history: readonly number[]) => number[];

function allSessions({ pairs }: PlainData): Session[] {
  const ids = [...new Set(pairs.map((pair) => pair.session))];
  const sessions = ids.map((id) => {
    const own = pairs.filter((pair) => pair.session === id);
    own.sort((a, b) => a.time - b.time || a.prefix.length - b.prefix.length);
    // Pairs may be left out (events at one time): a prefix that was not cut shows the missing items.
    let items: number[] = [];
    for (const { prefix, label } of own) {
      if (prefix.length >= items.length) items = [...prefix];
      else items.push(...prefix.slice(-1).filter((item) => item !== items.at(-1)));
      items.push(label);
    }
    return { id, items, time: own[own.length - 1]?.time ?? 0 };
  });
  const order = new Map(ids.map((id, i) => [id, i]));
  return sessions.sort((a, b) => b.time - a.time || (order.get(b.id) ?? 0) - (order.get(a.id) ?? 0));
}

/** p₀: (labels with the item + 1)/(labels + items). */
export function plainPrior({ nItems, pairs }: PlainData): number[] {
  const p: number[] = [];
  for (let item = 0; item < nItems; item++) {
    p.push((pairs.filter((pair) => pair.label === item).length + 1) / (pairs.length + nItems));
  }
  return p;
}

function smoothed(evidence: readonly number[], mass: number, mu: number, p0: readonly number[]): number[] {
  const sum = evidence.reduce((a, b) => a + b, 0);
  if (sum === 0) return [...p0];
  return evidence.map((value, i) => ((mass * value) / sum + mu * (p0[i] ?? 0)) / (mass + mu));
}

const distinctLatestFirst = (items: readonly number[]) => [...new Set([...items].reverse())];
const endsWith = (items: readonly number[], end: readonly number[]) =>
  items.length >= end.length && end.every((item, i) => items[items.length - end.length + i] === item);

export function plainVariableMarkov(data: PlainData, orders: number, first: number, higher: number): Score {
  const p0 = plainPrior(data);
  return (query) => {
    let p = p0;
    for (let n = 1; n <= Math.min(orders, query.length); n++) {
      const matching = data.pairs.filter((pair) => endsWith(pair.prefix, query.slice(query.length - n)));
      const mu = n === 1 ? first : higher;
      const shorter = p;
      p = shorter.map((value, item) => {
        const count = matching.filter((pair) => pair.label === item).length;
        return (count + mu * value) / (matching.length + mu);
      });
    }
    return p;
  };
}

export function plainSequentialRules(data: PlainData, last: number, steps: number, mu: number): Score {
  const p0 = plainPrior(data);
  return (query) => {
    const evidence = new Array<number>(data.nItems).fill(0);
    for (const { prefix, label } of data.pairs) {
      for (let y = Math.max(0, prefix.length - steps); y < prefix.length; y++) {
        for (let j = 1; j <= Math.min(last, query.length); j++) {
          if (query[query.length - j] !== prefix[y]) continue;
          evidence[label] = (evidence[label] ?? 0) + 1 / (prefix.length - y) / j;
        }
      }
    }
    const mass = evidence.reduce((a, b) => a + b, 0);
    return smoothed(evidence, mass, mu, p0);
  };
}

interface Candidate {
  readonly session: Session;
  readonly similarity: number;
  /** The latest history item that the session holds, and how many newer ones it does not. */
  readonly shared: number;
  readonly age: number;
}

function candidates(
  sessions: readonly Session[],
  history: readonly number[],
  weight: (age: number, item: number) => number,
) {
  const known = distinctLatestFirst(history);
  return sessions.flatMap((session): Candidate[] => {
    const age = known.findIndex((item) => session.items.includes(item));
    if (age < 0) return [];
    let similarity = 0;
    known.forEach((item, i) => {
      if (session.items.includes(item)) similarity += weight(i, item);
    });
    return [{ session, similarity, shared: known[age] ?? -1, age }];
  });
}

const nearest = (list: readonly Candidate[], count: number) =>
  list
    .map((entry, place) => ({ ...entry, place, similarity: Math.fround(entry.similarity) }))
    .filter((entry) => entry.similarity > 0)
    .sort((a, b) => b.similarity - a.similarity || a.place - b.place)
    .slice(0, count);

function inverseFrequency(sessions: readonly Session[], item: number): number {
  const df = sessions.filter((session) => session.items.includes(item)).length;
  return df === 0 ? 0 : Math.log(sessions.length / df);
}

export function plainSequenceKnn(data: PlainData, neighbours: number, decay: number, mu: number): Score {
  const p0 = plainPrior(data);
  const sessions = allSessions(data);
  const idf = Array.from({ length: data.nItems }, (_, item) => inverseFrequency(sessions, item));
  return (query) => {
    const evidence = new Array<number>(data.nItems).fill(0);
    let voting = 0;
    const found = candidates(sessions, query, (age, item) => decay ** age * (idf[item] ?? 0));
    for (const { session, similarity, shared } of nearest(found, neighbours)) {
      const after = session.items.slice(session.items.lastIndexOf(shared) + 1);
      if (after.length > 0) voting++;
      after.forEach((item, i) => {
        evidence[item] = (evidence[item] ?? 0) + similarity / (i + 1);
      });
    }
    return smoothed(evidence, voting, mu, p0);
  };
}

export function plainVSknn(data: PlainData, neighbours: number, sampled: number, idfWeight: number, mu: number): Score {
  const p0 = plainPrior(data);
  const sessions = allSessions(data);
  const idf = Array.from({ length: data.nItems }, (_, item) => inverseFrequency(sessions, item));
  return (query) => {
    const n = distinctLatestFirst(query).length;
    const found = candidates(sessions, query, (age) => (n - age) / (n * n)).slice(0, sampled);
    const voters = nearest(found, neighbours);
    const evidence = Array.from({ length: data.nItems }, (_, item) => {
      let votes = 0;
      for (const { session, similarity, age } of voters) {
        if (session.items.includes(item)) votes += similarity / (age + 1);
      }
      return votes * (1 + idfWeight * (idf[item] ?? 0));
    });
    return smoothed(evidence, voters.length, mu, p0);
  };
}

export function plainStan(
  data: PlainData,
  options: { neighbours: number; sampled: number; lambda1: number; lambda2: number; lambda3: number; mu: number },
): Score {
  const p0 = plainPrior(data);
  const sessions = allSessions(data);
  const end = Math.max(...data.pairs.map((pair) => pair.time));
  return (query) => {
    const n = distinctLatestFirst(query).length;
    const found = candidates(sessions, query, (age) => Math.exp(-age / options.lambda1))
      .slice(0, options.sampled)
      .map((entry) => {
        const days = (entry.session.time - end) / 86400;
        const recency = options.lambda2 > 0 ? Math.exp(days / options.lambda2) : 1;
        return { ...entry, similarity: (recency * entry.similarity) / Math.sqrt(n * entry.session.items.length) };
      });
    const voters = nearest(found, options.neighbours);
    const evidence = Array.from({ length: data.nItems }, (_, item) => {
      let votes = 0;
      for (const { session, similarity, shared } of voters) {
        const place = session.items.lastIndexOf(item);
        if (place < 0) continue;
        votes += similarity * Math.exp(-Math.abs(place - session.items.lastIndexOf(shared)) / options.lambda3);
      }
      return votes;
    });
    return smoothed(evidence, voters.length, options.mu, p0);
  };
}

/** EASE by Gauss-Jordan elimination instead of Cholesky; `history` is all that the person has met. */
export function plainEase(data: PlainData, lambda: number, sharpness: number, most: number): Score {
  const p0 = plainPrior(data);
  const modelled = Array.from({ length: data.nItems }, (_, i) => i)
    .sort((a, b) => (p0[b] ?? 0) - (p0[a] ?? 0) || a - b)
    .slice(0, most);
  const place = new Map(modelled.map((item, i) => [item, i]));
  const people = new Map<number, Set<number>>();
  for (const { user, prefix, label } of data.pairs) {
    const met = people.get(user) ?? new Set();
    people.set(user, met);
    for (const item of [...prefix, label]) met.add(item);
  }
  const n = modelled.length;
  const matrix = modelled.map((_, i) => {
    const row = new Array<number>(2 * n).fill(0);
    row[i] = lambda;
    row[n + i] = 1;
    return row;
  });
  for (const met of people.values()) {
    const places = [...met].flatMap((item) => place.get(item) ?? []);
    for (const i of places) for (const j of places) (matrix[i] as number[])[j] = (matrix[i]?.[j] ?? 0) + 1;
  }
  for (let i = 0; i < n; i++) {
    const pivotRow = matrix[i] as number[];
    const pivot = pivotRow[i] as number;
    for (let k = 0; k < 2 * n; k++) pivotRow[k] = (pivotRow[k] as number) / pivot;
    for (let r = 0; r < n; r++) {
      const row = matrix[r] as number[];
      const factor = row[i] as number;
      if (r === i || factor === 0) continue;
      for (let k = i; k < 2 * n; k++) row[k] = (row[k] as number) - factor * (pivotRow[k] as number);
    }
  }
  const inverse = (i: number, j: number) => (matrix[i] as number[])[n + j] as number;
  return (_query, history) => {
    const places = [...new Set(history)].flatMap((item) => place.get(item) ?? []).sort((a, b) => a - b);
    const scores = new Array<number>(data.nItems).fill(0);
    modelled.forEach((item, j) => {
      for (const i of places) {
        if (i !== j) scores[item] = (scores[item] ?? 0) - inverse(i, j) / inverse(j, j);
      }
    });
    const raised = scores.map((score, i) => (p0[i] ?? 0) * Math.exp(sharpness * score));
    const sum = raised.reduce((a, b) => a + b, 0);
    return raised.map((value) => value / sum);
  };
}

/** Where a label ranks: items above it and tied with it, scores compared to six digits and the query's last item last. */
export function plainRank(scores: readonly number[], label: number, last: number) {
  const rounded = scores.map((score, item) => (item === last ? 0 : score));
  const own = rounded[label] ?? 0;
  const near = (value: number) => Math.abs(value - own) <= 3e-7 * Math.max(value, own);
  const tied = rounded.filter((value, item) => item !== label && near(value)).length;
  return { higher: rounded.filter((value) => value > own && !near(value)).length, tied };
}
