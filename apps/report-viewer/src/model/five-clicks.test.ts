import { type ComparableResults, methodsOf } from "@kshot/comparison";
import { expect, it } from "vitest";
import { exampleResults } from "../open/example.js";
import { chosenPerson, listAfter, type PersonOfClicks, peopleOfClicks } from "./five-clicks.js";

const place = { split: "test", window: "first" } as const;
const methods = methodsOf(
  exampleResults().map((results, i) => ({ name: `${i}`, results: results as ComparableResults })),
);
const learner = methods.find(({ algorithm }) => algorithm === "meta-sgd")!;

it("people after each number of pairs have the file's ranks, and with all pairs those of the evaluation", () => {
  const { k, people } = peopleOfClicks(learner, place, "accuracy@1")!;
  const { evaluations, clicks } = learner.files[0].results;
  expect(k).toEqual([0, 1, 2, 3, 4, 5]);
  const full = evaluations.find(({ window, steps }) => window === "first" && steps === 5)!;
  for (const [p, { user, values, ranks, next }] of people.entries()) {
    const hits = (higher: readonly number[]) => higher.filter((one) => one === 0).length / higher.length;
    expect(user).toBe(full.people.user[p]);
    expect(values).toEqual(clicks![0]!.higher.map((all) => hits(all[p]!)));
    expect(values.at(-1)).toBe(hits(full.people.queries[p]!.map(({ higher }) => higher)));
    expect(ranks.at(-1)).toBe(full.people.queries[p]![0]!.higher + 1);
    expect(next).toEqual(full.people.queries[p]!.map(({ label }) => label));
  }
});

it("no people without ranks by click", () => {
  const plain = methods.find(({ algorithm }) => algorithm === "gru")!;
  expect(peopleOfClicks(plain, place, "mrr")).toBeNull();
  expect(peopleOfClicks(learner, { ...place, window: "last" }, "mrr")).toBeNull();
});

const person = (user: string, values: readonly number[], top: readonly (readonly number[])[] = [[1], [1]]) =>
  ({ user, values, top, before: [], labels: [], next: [4, 7], ranks: [] }) satisfies PersonOfClicks;

it("picks the person with the largest gain, the largest loss, the median person whose list changes, and any person by name", () => {
  const people = [
    person("ada", [0.5, 0.1]),
    person("bob", [0.1, 0.2]),
    person("cleo", [0.3, 0.4], [[1], [2]]),
    person("dan", [0, 1]),
    person("=eve", [0.2, 0.8]),
  ];
  const found = (choice: string) => chosenPerson({ k: [0, 1], people }, choice)?.user;
  expect(found("gained")).toBe("dan");
  expect(found("lost")).toBe("ada");
  expect(found("typical")).toBe("cleo");
  expect(found("==eve")).toBe("=eve");
  expect(found("=nobody")).toBe("cleo");
  expect(chosenPerson({ k: [0, 1], people: [] }, "typical")).toBeUndefined();
});

it("marks items taken next and later, and how far items moved", () => {
  const own = person(
    "ada",
    [],
    [
      [1, 2, 3, 4, 5],
      [4, 7, 1, 2, 3],
    ],
  );
  expect(listAfter(own, 0).map(({ moved }) => moved)).toEqual([0, 0, 0, 0, 0]);
  expect(listAfter(own, 1)).toEqual([
    { item: 4, taken: "next", moved: 3 },
    { item: 7, taken: "later", moved: null },
    { item: 1, taken: null, moved: -2 },
    { item: 2, taken: null, moved: -2 },
    { item: 3, taken: null, moved: -2 },
  ]);
});
