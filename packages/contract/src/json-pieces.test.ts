import fc from "fast-check";
import { expect, it } from "vitest";
import { jsonPieces } from "./json-pieces.js";

it("is JSON.stringify in pieces, for every value and depth", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(5), (value, depth) => {
      expect([...jsonPieces(value, depth)].join("")).toBe(JSON.stringify(value));
    }),
  );
});

it("leaves out keys that are undefined, and writes empty lists and objects", () => {
  const value = { a: undefined, b: [], c: {}, d: [[]], "<\u2028>": "é" };
  expect([...jsonPieces(value)].join("")).toBe(JSON.stringify(value));
});

it("keeps pieces small", () => {
  const value = { a: Array.from({ length: 100 }, () => ({ b: Array.from({ length: 100 }, (_, i) => i) })) };
  expect(Math.max(...[...jsonPieces(value)].map(({ length }) => length))).toBeLessThan(400);
});
