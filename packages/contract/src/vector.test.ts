import { expect, test } from "vitest";
import { parameterLayout } from "./index.js";

test("tensors follow each other without gaps", () => {
  const { tensors, size } = parameterLayout([
    ["a", [2, 3]],
    ["b", [4]],
    ["c", []],
  ]);
  expect(tensors).toEqual([
    { name: "a", shape: [2, 3], offset: 0, size: 6 },
    { name: "b", shape: [4], offset: 6, size: 4 },
    { name: "c", shape: [], offset: 10, size: 1 },
  ]);
  expect(size).toBe(11);
});

test("no tensors, no parameters", () => expect(parameterLayout([])).toEqual({ tensors: [], size: 0 }));
