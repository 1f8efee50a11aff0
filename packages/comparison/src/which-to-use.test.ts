import type { Evaluation, Results } from "@kshot/contract/schemas";
import { expect, it } from "vitest";
import { whichToUse } from "./which-to-use.js";

const people = Array.from({ length: 40 }, (_, person) => person);

/** Results of a method whose label ranks at `rank(person)` for each of two queries of a person, from 0. */
function results(algorithm: Results["algorithm"], rank: (person: number) => number): Results {
  const queries = people.map((person) =>
    [0, 1].map((label) => ({ label, seen: false, higher: rank(person), tied: 0 })),
  );
  const mrr = people.reduce((sum, person) => sum + 1 / (1 + rank(person)), 0) / people.length;
  const evaluation = {
    ...{ split: "test", window: "first", k: 5, steps: 0, metrics: { mrr: { value: mrr, low: 0, high: 1 } } },
    people: { user: people.map(String), historyLength: people.map(() => 5), queries },
  } as unknown as Evaluation;
  const data = { items: Array.from({ length: 50 }, (_, i) => `${i}`) };
  return { algorithm, k: 5, q: 2, config: { seed: 1 }, data, evaluations: [evaluation] } as unknown as Results;
}

const good = results("hybrid", (person) => person % 2);
const worse = results("gru", (person) => 1 + (person % 3));

it("names the best, and by how much it is above the next one", () => {
  expect(whichToUse([worse, good, results("ideal", () => 0)], { split: "test" })).toMatch(
    /^Use Hybrid of counts and network: its MRR of 0\.750 is the highest on the 40 test people, \+0\.\d{3} \[\+0\.\d{3}, \+0\.\d{3}\] above Plain GRU, the next\.$/,
  );
});

it("names a method that costs less if the difference is not clear, never one that is clearly below", () => {
  const slower = results("meta-sgd", (person) => (person < 2 ? 1 : person % 2));
  const near = results("mixture", (person) => (person < 1 ? 1 : person % 2));
  const popular = results("popularity", () => 30);
  expect(whichToUse([good, slower, near, popular], { split: "test" })).toMatch(
    /^Use Hybrid of counts and network: .*; Mixture of counts is not clearly below it \(difference \+0\.\d{3} \[[+−]?0\.\d{3}, \+0\.\d{3}\]\), and costs less\.$/,
  );
});

it("is silent for one method", () => {
  expect(whichToUse([good], { split: "test" })).toBeNull();
});
