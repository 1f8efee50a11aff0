import { expect, it } from "vitest";
import { nearest } from "./nearest.js";

it.each([
  ["meta-sdg", ["gru", "maml", "meta-sgd"], "meta-sgd"],
  ["MetaSGD", ["gru", "maml", "meta-sgd"], "meta-sgd"],
  ["usr", ["item", "user", "time"], "user"],
  ["corse-1", ["course-2", "course-1"], "course-1"],
  ["ab", ["abc"], undefined],
  ["transformer", ["gru", "maml", "meta-sgd", "residual-maml"], undefined],
  ["timestamp", ["user", "item", "time"], undefined],
  ["abcdef", ["abcdxx", "abcdyy"], "abcdxx"],
  ["", ["a"], undefined],
])("%j among %j: %j", (typed, names, expected) => expect(nearest(typed, names)).toBe(expected));
