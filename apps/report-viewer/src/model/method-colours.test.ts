import type { Method } from "@kshot/comparison";
import { expect, it } from "vitest";
import { methodColours } from "./method-colours.js";

const method = (id: string, algorithm: string, title = id): Method => ({ id, algorithm, title, files: [] as never });

it("a method's colour is its algorithm's, in any order of the files", () => {
  const all = [method("gru", "gru"), method("meta-sgd", "meta-sgd"), method("stan", "stan"), method("later", "later")];
  const colours = methodColours(all);
  expect(methodColours([...all].reverse())).toEqual(colours);
  expect(methodColours(all.slice(1)).get("stan")).toBe(colours.get("stan"));
  expect(new Set(colours.values()).size).toBe(4);
});

it("several methods of one algorithm have different hues", () => {
  const all = ["a", "b", "c", "d"].map((id) => method(id, "meta-sgd"));
  expect(new Set([...methodColours(all).values()].map((colour) => colour % 7)).size).toBe(4);
});
