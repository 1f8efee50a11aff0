import { expect, it } from "vitest";
import { itemFinder } from "./item-finder.js";
import { supportOfHistory } from "./support-of-history.js";

it("takes the last k pairs of a history, and asks with all of it", () => {
  expect(supportOfHistory([[1, 2, 3, 4]], 2)).toEqual({
    support: {
      sequences: [
        [1, 2],
        [1, 2, 3],
      ],
      labels: [3, 4],
    },
    query: [1, 2, 3, 4],
  });
});

it("never pairs over a session's end, and asks with the last session alone", () => {
  expect(supportOfHistory([[1, 2], [3, 4, 5], [6]], 5)).toEqual({
    support: { sequences: [[1], [3], [3, 4]], labels: [2, 4, 5] },
    query: [6],
  });
});

it("counts an item that is repeated at once once, as prepare does", () => {
  expect(
    supportOfHistory(
      [
        [1, 1, 2, 2, 1],
        [3, 3],
      ],
      5,
    ),
  ).toEqual({
    support: { sequences: [[1], [1, 2]], labels: [2, 1] },
    query: [3],
  });
});

it("has no pair for one click, and nothing for none", () => {
  expect(supportOfHistory([[7]], 5)).toEqual({ support: { sequences: [], labels: [] }, query: [7] });
  expect(supportOfHistory([], 5).query).toEqual([]);
});

it("finds items by name, then by title", () => {
  const find = itemFinder(["c1", "c2", "c3", "Logic"], ["Logic", "Sets", "Sets", "Proofs"]);
  expect(find("c2")).toBe(1);
  expect(find("Logic")).toBe(3);
  expect(find("proofs")).toBe(3);
  expect(() => find("Sets")).toThrow(/a title of 2 items: c2, c3/);
  expect(() => find("Prooofs")).toThrow(/did you mean "Proofs"\?/);
  expect(() => find("zzzzzzz")).toThrow(/the model has never seen it. Expected one of its 4 items\./);
});
