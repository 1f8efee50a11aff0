import type { DataSet, Logits, PairTable } from "@kshot/contract";
import { slidingEpisodes, windowEpisodes } from "@kshot/episodes";
import { expect, it } from "vitest";
import { countingScorer } from "./counting-scorer.js";
import { evaluate, peopleIn, rankValidationPeople } from "./evaluate.js";
import type { PersonScorer } from "./person-scorer.js";
import { rankPeople } from "./ranked-people.js";
import { requireSeveralPeopleIn } from "./several-people.js";

/** Pairs of people who each met the same items in one session. */
function pairTable(users: readonly string[], items: readonly number[]): PairTable {
  const rows = users.flatMap((_, user) =>
    items.slice(1).map((label, i) => ({ user, label, prefix: items.slice(0, i + 1), i })),
  );
  const offsets = [0];
  for (const { prefix } of rows) offsets.push(offsets.at(-1)! + prefix.length);
  return {
    length: rows.length,
    pairId: Int32Array.from(rows.keys()),
    users,
    user: Int32Array.from(rows, ({ user }) => user),
    sessions: users.map((user) => `${user}/1`),
    session: Int32Array.from(rows, ({ user }) => user),
    prefixOffsets: Int32Array.from(offsets),
    prefixItems: Int32Array.from(rows.flatMap(({ prefix }) => prefix)),
    label: Int32Array.from(rows, ({ label }) => label),
    labelTime: Float64Array.from(rows, ({ i }) => i),
  };
}

function dataOf(users: readonly string[]): DataSet {
  const pairs = pairTable(users, [0, 1, 2, 1, 3, 4]);
  const split = {
    pairs,
    windows: { first: windowEpisodes(pairs, 2, 2, "first"), last: windowEpisodes(pairs, 2, 2, "last") },
  };
  const train = { pairs, episodes: slidingEpisodes(pairs, 2, 2) };
  return { items: ["a", "b", "c", "d", "e"], k: 2, q: 2, train, val: split, test: split, fingerprint: "0".repeat(64) };
}

/** Scores an item by its number; each step adds 10 to item 0; each support pair adds 1 to its label. */
const byNumber: PersonScorer = {
  nItems: 5,
  peopleAtOnce: 256,
  scores: async (people, steps) =>
    steps.map((count) =>
      people.map(({ support, query }): Logits => {
        const row = [10 * count, 1, 2, 3, 4];
        for (const label of Array.from(support.labels)) row[label]! += 1;
        return { rows: 2, columns: 5, values: Float64Array.from(query.sequences.flatMap(() => row)) };
      }),
    ),
};

const data = dataOf(["ada", "bob", "eve"]);
const place = { split: "test", windows: ["first", "last"] } as const;

it("gives one entry per window, number of pairs and steps; without pairs nothing is stepped on", async () => {
  const plan = { ...place, steps: [0, 2], supports: [0, 2] };
  const told: number[] = [];
  const entries = await evaluate(byNumber, { data, plan, seed: 1, onPeople: (done) => told.push(done) });
  expect(entries.map(({ window, k, steps }) => `${window} ${k} ${steps}`)).toEqual([
    ...["first 0 0", "first 2 0", "first 2 2"],
    ...["last 0 0", "last 2 0", "last 2 2"],
  ]);
  expect(told.at(-1)).toBe(peopleIn(data, plan));
  expect(peopleIn(data, plan)).toBe(12);
  expect(entries[0]?.people.user).toEqual(["ada", "bob", "eve"]);
});

it("ranks each query's label, and says whether the person had met it", async () => {
  const [first] = await evaluate(byNumber, { data, plan: { ...place, windows: ["first"], steps: [0] }, seed: 1 });
  // Pairs: 0→1, 01→2 | 012→1, 0121→3. Scores with both pairs: 0, 2, 3, 3, 4.
  expect(first?.people.queries[0]).toEqual([
    { label: 1, seen: true, higher: 3, tied: 0 },
    { label: 3, seen: false, higher: 1, tied: 1 },
  ]);
  const [none] = await evaluate(byNumber, {
    data,
    plan: { ...place, windows: ["first"], steps: [0], supports: [0] },
    seed: 1,
  });
  // Its own history contains item 1.
  expect(none?.people.queries[0]?.map(({ seen }) => seen)).toEqual([true, false]);
});

it("only the last k pairs are given", async () => {
  const given: number[][] = [];
  const spy: PersonScorer = {
    ...byNumber,
    scores: (people, steps) => {
      given.push(...people.map(({ support }) => Array.from(support.labels)));
      return byNumber.scores(people, steps);
    },
  };
  await evaluate(spy, { data, plan: { ...place, windows: ["last"], steps: [0], supports: [0, 1, 2] }, seed: 1 });
  expect([given[0], given[3], given[6]]).toEqual([[], [1], [2, 1]]);
});

it("shows what a person met last and what ranks highest, of equal scores the lower number", async () => {
  const [entry] = await rankPeople(byNumber, {
    ...{ pairs: data.test.pairs, episodes: data.test.windows.first, k: 2, steps: [2], shown: [2] },
  });
  expect(entry?.shown?.top[0]).toEqual([0, 4, 2, 3, 1]);
  expect(entry?.shown?.history[0]).toEqual([0, 1, 2]);
});

it("gives the same numbers for any number of people scored together", async () => {
  const plan = { ...place, steps: [0, 1] };
  const one = await evaluate({ ...byNumber, peopleAtOnce: 1 }, { data, plan, seed: 1 });
  expect(one).toEqual(await evaluate(byNumber, { data, plan, seed: 1 }));
});

it("a counting method gets all pairs or none", async () => {
  const given: (number | null)[] = [];
  const scorer = countingScorer(
    {
      scores: (query, support) => {
        given.push(support === null ? null : support.labels.length);
        return Array.from({ length: 5 }, (_, item) => (item === query[query.length - 1] ? 1 : 0));
      },
    },
    5,
  );
  const plan = { ...place, windows: ["first"] as const, steps: [0], supports: [0, 2] };
  const [without] = await evaluate(scorer, { data, plan, seed: 1 });
  expect(new Set(given)).toEqual(new Set([null, 2]));
  expect(without?.people.queries[0]?.[0]).toEqual({ label: 1, seen: true, higher: 1, tied: 3 });
});

it("a label counts as seen in the given pairs and in the query's history, for counts as for networks", async () => {
  // Histories of one item: 0→1, 1→2 | 2→1, 1→3. Label 1 of the first query is only in the support pairs.
  const { pairs } = data.test;
  const lasts = Array.from(pairs.label, (_, row) => pairs.prefixItems[(pairs.prefixOffsets[row + 1] ?? 0) - 1] ?? -1);
  const short = {
    ...pairs,
    prefixOffsets: Int32Array.from({ length: lasts.length + 1 }, (_, row) => row),
    prefixItems: Int32Array.from(lasts),
  };
  const shortData = { ...data, test: { ...data.test, pairs: short } };
  const plan = { ...place, windows: ["first"] as const, steps: [0], supports: [0, 1, 2] };
  for (const scorer of [byNumber, countingScorer({ scores: () => [1, 2, 3, 4, 5] }, 5)]) {
    const found = await evaluate(scorer, { data: shortData, plan, seed: 1 });
    // Of the last pair, 1→2, the history has item 1.
    expect(found.map(({ people }) => people.queries[0]?.map(({ seen }) => seen))).toEqual([
      [false, false],
      [true, false],
      [true, false],
    ]);
  }
});

it("validation ranks the first windows of the validation people with all pairs", async () => {
  const [ranked] = await rankValidationPeople(byNumber, data, [0]);
  const [entry] = await evaluate(byNumber, { data, plan: { split: "val", windows: ["first"], steps: [0] }, seed: 1 });
  expect(ranked?.queries).toEqual(entry?.people.queries);
});

it("refuses a window of one person, naming folder, split and window", () => {
  expect(() => requireSeveralPeopleIn(data, "data", "test", ["first", "last"])).not.toThrow();
  expect(() => requireSeveralPeopleIn(dataOf(["ada"]), "data", "val", ["last"])).toThrow(
    /^data, val people, window last: 1 person/,
  );
});

it("refuses data without validation and test people, naming the split that made it", () => {
  const none = { ...data.val.windows.first, length: 0 };
  const everyoneInTrain = { ...data, val: { ...data.val, windows: { first: none, last: none } } };
  expect(() => requireSeveralPeopleIn(everyoneInTrain, "data", "val", ["first", "last"])).toThrow(
    /^data: no validation and test people: it was made with --split 1,0,0.*--split \.8,\.1,\.1/s,
  );
});
