import { expect, it } from "vitest";
import { nearest, nearestNames } from "./nearest.js";

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

it("several are nearest first, each once, and no more than are wanted", () => {
  const names = ["course-21", "course-1", "course-2", "course-1", "music"];
  expect(nearestNames("corse-1", names, 3)).toEqual(["course-1", "course-21", "course-2"]);
  expect(nearestNames("corse-1", names, 1)).toEqual(["course-1"]);
});
