import { algorithmNames } from "@kshot/contract";
import { expect, it } from "vitest";
import { algorithmTitle, algorithmTraits, isAdapting, isBound, isMetaLearner, isNetwork } from "./algorithms.js";

it("every algorithm has a different title", () => {
  const titles = algorithmNames.map((name) => algorithmTitle(name));
  expect(new Set(titles).size).toBe(algorithmNames.length);
  expect(Object.keys(algorithmTraits)).toEqual([...algorithmNames]);
});

it.each([
  ["meta-sgd", [true, true, true, false]],
  ["gru", [false, true, false, false]],
  ["gru-context", [false, true, false, false]],
  ["gru-finetuned", [false, true, true, false]],
  ["markov", [false, false, false, false]],
  ["ideal", [false, false, false, true]],
  ["of-a-later-version", [false, false, false, false]],
] as const)("%s: meta-learner, network, adapting, bound: %j", (name, traits) => {
  expect([isMetaLearner(name), isNetwork(name), isAdapting(name), isBound(name)]).toEqual(traits);
});

it("an unknown algorithm keeps its name, also one that an object has anyway", () => {
  expect(algorithmTitle("of-a-later-version")).toBe("of-a-later-version");
  expect(algorithmTitle("constructor")).toBe("constructor");
});
