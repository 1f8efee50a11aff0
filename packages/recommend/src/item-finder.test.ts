import { expect, it } from "vitest";
import { itemFinder } from "./item-finder.js";

it("finds items by name, then by title", () => {
  const find = itemFinder(["c1", "c2", "c3", "Logic"], ["Logic", "Sets", "Sets", "Proofs"]);
  expect(find("c2", "history")).toBe(1);
  expect(find("Logic", "history")).toBe(3);
  expect(find("proofs", "history")).toBe(3);
  expect(find.known("nothing", "history")).toBeUndefined();
  expect(() => find("Sets", "history")).toThrow(
    /^history "Sets": a title of 2 items: c2, c3\. Expected the name of one/,
  );
  expect(() => find.known("Sets", "history")).toThrow(/a title of 2 items/);
  expect(() => find("Prooofs", "history")).toThrow(/near it: "Proofs"/);
  expect(() => find("zzzzzzz", "history")).toThrow(/the model does not know this item\. Expected one of its 4 items\./);
});
