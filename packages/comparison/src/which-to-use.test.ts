import type { Evaluation, Results } from "@kshot/contract/schemas";
import { expect, it } from "vitest";
import { compareResults } from "./compare.js";
import { whichToUse } from "./which-to-use.js";

const people = Array.from({ length: 40 }, (_, person) => person);

/** Results of a method whose label ranks at `rank(person)` for each of two queries of a person, from 0. */
function results(algorithm: Results["algorithm"], rank: (person: number) => number): Results {
  const queries = people.map((person) =>
    [0, 1].map((label) => ({ label, seen: false, higher: rank(person), tied: 0 })),
  );
  const mean = (of: (person: number) => number) => people.reduce((sum, person) => sum + of(person), 0) / people.length;
  const interval = (value: number) => ({ value, low: 0, high: 1 });
  const metrics = {
    mrr: interval(mean((person) => 1 / (1 + rank(person)))),
    "accuracy@1": interval(mean((person) => (rank(person) === 0 ? 1 : 0))),
  };
  const evaluation = {
    ...{ split: "test", window: "first", k: 5, steps: 0, metrics },
    people: { user: people.map(String), historyLength: people.map(() => 5), queries },
  } as unknown as Evaluation;
  const data = { items: Array.from({ length: 50 }, (_, i) => `${i}`), people: { train: 100, val: 40, test: 40 } };
  const test = { opened: 1 };
  return { algorithm, k: 5, q: 2, config: { seed: 1 }, data, test, evaluations: [evaluation] } as unknown as Results;
}

const good = results("hybrid", (person) => person % 2);
const worse = results("gru", (person) => 1 + (person % 3));

it("equals the sentences of compare and the page: the highest method, its kind, and whether it differs clearly", () => {
  const all = [worse, good, results("ideal", () => 0)];
  const said = whichToUse(all, { split: "test" });
  expect(said).toMatch(
    /^Which method to use: Hybrid of counts and network\. It combines counts and a network\. The highest of 2 methods is .*0\.500/,
  );
  const files = all.map((own) => ({ name: own.algorithm, results: own }));
  const advice = compareResults(files, { windows: ["first"] }).windows[0]?.advice;
  expect(said).toBe(`${advice?.use} ${advice?.winner}`);
});

it("names a counting method where the difference is not clear", () => {
  const near = results("mixture", (person) => (person < 1 ? 1 : person % 2));
  expect(whichToUse([good, near, results("popularity", () => 30)], { split: "test" })).toMatch(
    /Mixture of counts does not differ clearly from it and trains no network/,
  );
});

it("is silent for one method", () => {
  expect(whichToUse([good], { split: "test" })).toBeNull();
});
