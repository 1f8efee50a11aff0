import { expect, test } from "vitest";
import { algorithmId, algorithmNames } from "./index.js";

test("ids are the names without hyphens, and no two are the same", () => {
  expect(algorithmId("meta-sgd")).toBe("metasgd");
  const ids = algorithmNames.map(algorithmId);
  expect(ids.every((id) => /^[a-z]+$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(algorithmNames.length);
});
