import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { after, before } from "./logistic-regression.js";

it("fits a person that it has never seen", () => {
  expect(after).toBeLessThan(0.7 * before);
});

it("is 20 lines from the model to its training", () => {
  const source = readFileSync(new URL("./logistic-regression.ts", import.meta.url), "utf8");
  const lines = source.slice(source.indexOf("const engine"), source.indexOf("const unseen")).trim().split("\n");
  expect(lines.length).toBeLessThanOrEqual(20);
});
