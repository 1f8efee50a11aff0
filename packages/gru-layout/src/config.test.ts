import { KshotError } from "@kshot/contract";
import { expect, test } from "vitest";
import { type GruConfig, gruConfig } from "./config.js";

test("settings left out have the default", () => {
  expect(gruConfig({ nItems: 343 })).toEqual({
    nItems: 343,
    embeddingDim: 64,
    hiddenDim: 128,
    numLayers: 1,
    dropout: 0.2,
    maxSeqLen: 50,
  });
});

test.each<[Partial<GruConfig>, RegExp]>([
  [{ nItems: 0 }, /nItems: 0\. Expected a positive whole number/],
  [{ embeddingDim: 1.5 }, /embeddingDim: 1\.5/],
  [{ hiddenDim: Number.NaN }, /hiddenDim: NaN/],
  [{ numLayers: -1 }, /numLayers: -1/],
  [{ numLayers: 1001, dropout: 0 }, /numLayers: 1001. Expected at most 1000/],
  [{ maxSeqLen: Number.POSITIVE_INFINITY }, /maxSeqLen: Infinity/],
  [{ dropout: 1.1 }, /dropout: 1\.1\. Expected a number from 0 to 1/],
  [{ dropout: Number.NaN }, /dropout: NaN/],
  [{ dropout: 0.1, numLayers: 2 }, /dropout acts only between layers, and is not implemented there/],
  [{ numLayers: 2 }, /dropout: 0\.2 with numLayers 2/],
])("refuses %o, naming the key", (wrong, message) => {
  const attempt = () => gruConfig({ nItems: 10, ...wrong });
  expect(attempt).toThrow(message);
  expect(attempt).toThrow(expect.toSatisfy((error) => KshotError.isInstance(error) && error.code === "USAGE"));
});

test("with one layer any dropout is accepted; with more layers only 0", () => {
  expect(gruConfig({ nItems: 10, dropout: 0.9 }).dropout).toBe(0.9);
  expect(gruConfig({ nItems: 10, numLayers: 3, dropout: 0 }).numLayers).toBe(3);
});
