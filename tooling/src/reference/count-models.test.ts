import { type CountModelName, countModelKind, fitExperts, openMixture, personHistory } from "@kshot/baselines";
import type { PairTable } from "@kshot/contract";
import { rankOf } from "@kshot/metrics";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, it } from "vitest";
import * as plain from "./count-models.js";
import { plainCrossSessionPmi, plainHistory, plainStack } from "./mixture.js";

const nItems = 30;

/** Sessions that walk forward through the items with jumps: orders, rules and neighbours all say something. */
function sessionsOf(seed: number, count: number): number[][] {
  const random = xoroshiro128plus(seed);
  return Array.from({ length: count }, () => {
    let item = uniformInt(random, 0, nItems - 1);
    const session = [item];
    const length = uniformInt(random, 2, 9);
    while (session.length < length) {
      item = (item + uniformInt(random, 1, uniformInt(random, 0, 3) === 0 ? nItems - 1 : 3)) % nItems;
      session.push(item);
    }
    return session;
  });
}

const pairs = sessionsOf(3, 150).flatMap((items, session) =>
  items.slice(1).map((label, i) => ({
    ...{ user: session % 60, session, time: 40_000 * (session % 50) + i, label },
    prefix: items.slice(0, i + 1),
  })),
);
const data: plain.PlainData = { nItems, pairs };
const train: PairTable = {
  length: pairs.length,
  pairId: Int32Array.from(pairs.keys()),
  users: Array.from({ length: 60 }, (_, user) => `person ${user}`),
  user: Int32Array.from(pairs, ({ user }) => user),
  sessions: Array.from({ length: 150 }, (_, session) => `session ${session}`),
  session: Int32Array.from(pairs, ({ session }) => session),
  prefixOffsets: Int32Array.from([
    0,
    ...pairs.map(
      (
        (sum) => (pair) =>
          (sum += pair.prefix.length)
      )(0),
    ),
  ]),
  prefixItems: Int32Array.from(pairs.flatMap(({ prefix }) => prefix)),
  label: Int32Array.from(pairs, ({ label }) => label),
  labelTime: Float64Array.from(pairs, ({ time }) => time),
};

type Plain = (query: readonly number[], history: readonly number[]) => number[];
const cases: [CountModelName, Record<string, number>, Plain][] = [
  ["variable-markov", { orders: 3, first: 8, higher: 4 }, plain.plainVariableMarkov(data, 3, 8, 4)],
  ["variable-markov", { orders: 5, first: 2, higher: 1 }, plain.plainVariableMarkov(data, 5, 2, 1)],
  ["sequential-rules", { last: 1, steps: 10 }, plain.plainSequentialRules(data, 1, 10, 8)],
  ["sequential-rules", { last: 5, steps: 3 }, plain.plainSequentialRules(data, 5, 3, 8)],
  ["sequence-knn", { neighbours: 40 }, plain.plainSequenceKnn(data, 40, 0.8, 4)],
  ["v-sknn", { neighbours: 20, sampled: 50 }, plain.plainVSknn(data, 20, 50, 1, 4)],
  [
    "stan",
    { neighbours: 20, sampled: 50, lambda2: 10 },
    plain.plainStan(data, { neighbours: 20, sampled: 50, lambda1: 1.5, lambda2: 10, lambda3: 1.5, mu: 4 }),
  ],
  ["ease", { lambda: 5, most: 20 }, plain.plainEase(data, 5, 10, 20)],
];

it.each(cases)("%s %j ranks as the plain program", (name, options, score) => {
  const countModel = countModelKind(name).fit(train, nItems, options);
  const support = { sequences: [[4], [4, 7]], labels: [7, 9] };
  let compared = 0;
  for (const session of sessionsOf(11, 60)) {
    for (let cut = 1; cut < session.length; cut++) {
      const query = session.slice(0, cut);
      const label = session[cut] as number;
      const expected = score(query, personHistory(query, support).flat());
      const last = query[cut - 1] as number;
      expect(rankOf(countModel.scores(query, support), label)).toEqual(plain.plainRank(expected, label, last));
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(200);
});

const supports = [
  null,
  { sequences: [[4], [4, 7]], labels: [7, 9] },
  // Two sessions; the query may continue the second one.
  { sequences: [[4], [4, 7], [11]], labels: [7, 9, 12] },
];

it("a mixture of all experts ranks as the plain program", () => {
  const experts = fitExperts(train, nItems);
  expect(experts.map(({ name }) => name)).toContain("cross-session-pmi");
  const weights = [0.1, 0.4, 0.3, 0.2, 0.25, 0.15, 0.5, -0.6, 0.4, 0.3];
  const stack = { experts: experts.map(({ name }) => name), weights, repeats: false };
  const mixture = openMixture("mixture", experts, stack);
  const pmi = plainCrossSessionPmi(data, 20, 1, 3);
  const own = [
    () => plain.plainPrior(data),
    plain.plainVariableMarkov(data, 1, 8, 4),
    plain.plainVariableMarkov(data, 2, 8, 4),
    plain.plainSequentialRules(data, 5, 10, 8),
    plain.plainSequenceKnn(data, 200, 0.8, 4),
    plain.plainStan(data, { neighbours: 200, sampled: 1000, lambda1: 1.5, lambda2: 0, lambda3: 1.5, mu: 4 }),
  ];
  let compared = 0;
  for (const [i, session] of [...sessionsOf(11, 20), [11, 12, 15, 16], [12, 15, 16]].entries()) {
    for (let cut = 1; cut < session.length; cut++) {
      const [query, label] = [session.slice(0, cut), session[cut] as number];
      const support = supports[(i + cut) % 3] ?? null;
      const history = plainHistory(query, support);
      expect(history).toEqual(personHistory(query, support));
      const p = [...own.map((score) => score(query, history.flat())), pmi(history.slice(0, -1).flat())];
      const expected = plainStack(p, weights, history.flat()).map(Math.exp);
      expect(rankOf(mixture.scores(query, support), label)).toEqual(
        plain.plainRank(expected, label, query[cut - 1] as number),
      );
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(60);
});
