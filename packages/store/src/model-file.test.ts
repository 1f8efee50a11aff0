import { readFileSync, writeFileSync } from "node:fs";
import { parameterLayout } from "@kshot/contract";
import { configSchema, type ModelMetadata } from "@kshot/contract/schemas";
import { describe, expect, it } from "vitest";
import { scratchFolder } from "../test/scratch.js";
import { encodeSafetensors, readModel, splitRates, vectorFrom, writeModel } from "./index.js";

const scratch = scratchFolder();
const layout = parameterLayout([
  ["fc.weight", [3, 2]],
  ["fc.bias", [3]],
]);
const values = Float32Array.from({ length: 9 }, (_, i) => i / 7);

const {
  engine: _engine,
  device: _device,
  backend: _backend,
  workers: _workers,
  files: _files,
  ...config
} = configSchema.parse({});
const metadata: ModelMetadata = {
  format: "kshot.model/1",
  algorithm: "meta-sgd",
  kind: "theta",
  config,
  items: ["Größe", "b", "c"],
  dataFingerprint: "f".repeat(64),
  iteration: 500,
  validation: null,
};
const model = { layout, values, metadata };

it("reads back what it wrote, tensor by tensor under its own name", async () => {
  const path = scratch.at("models", "metasgd", "m.safetensors");
  await writeModel(path, model);
  const read = await readModel(path);
  expect(read.metadata).toEqual(metadata);
  expect(read.tensors.map(({ name, shape }) => [name, shape])).toEqual([
    ["fc.weight", [3, 2]],
    ["fc.bias", [3]],
  ]);
  expect(vectorFrom(read.tensors, layout, path)).toEqual(values);
});

it("keeps learning rates under a prefix", async () => {
  const path = scratch.at("m.alpha.safetensors");
  await writeModel(path, { ...model, metadata: { ...metadata, kind: "alpha" }, prefix: "alpha." });
  const { tensors } = await readModel(path);
  expect(tensors.map(({ name }) => name)).toEqual(["alpha.fc.weight", "alpha.fc.bias"]);
  expect(vectorFrom(tensors, layout, path, "alpha.")).toEqual(values);
  expect(() => vectorFrom(tensors, layout, path)).toThrow(
    /tensor fc\.weight: missing; the file holds alpha\.fc\.weight/,
  );
});

it("gives the same bytes for the same model", async () => {
  await writeModel(scratch.at("a"), model);
  await writeModel(scratch.at("b"), { ...model, values: values.slice() });
  expect(readFileSync(scratch.at("a"))).toEqual(readFileSync(scratch.at("b")));
});

it("holds θ and α in one file", async () => {
  const rates = values.map((value) => value / 2);
  await writeModel(scratch.at("whole"), { ...model, rates });
  const { parameters, rates: own } = splitRates((await readModel(scratch.at("whole"))).tensors);
  expect(vectorFrom(parameters, layout, "whole")).toEqual(values);
  expect(vectorFrom(own, layout, "whole", "alpha.")).toEqual(rates);
  await expect(writeModel(scratch.at("short"), { ...model, rates: rates.subarray(1) })).rejects.toThrow(/8 parameters/);
});

it("keeps float64 and rounds it for the vector", async () => {
  const wide = Float64Array.from(values, (value) => value + 1e-12);
  await writeModel(scratch.at("wide"), { ...model, values: wide });
  const { tensors } = await readModel(scratch.at("wide"));
  expect(tensors[0]!.values).toEqual(wide.subarray(0, 6));
  expect(vectorFrom(tensors, layout, "wide")).toEqual(Float32Array.from(wide));
});

describe("writeModel refuses", () => {
  it("a vector of another size", async () => {
    await expect(writeModel(scratch.at("m"), { ...model, values: new Float32Array(8) })).rejects.toThrow(
      /a vector of 8 parameters\. Expected 9/,
    );
  });
  it("metadata that its schema refuses", async () => {
    const bad = { ...metadata, kind: "beta" } as never;
    await expect(writeModel(scratch.at("m"), { ...model, metadata: bad })).rejects.toThrow(/__metadata__\.kshot: kind/);
  });
});

describe("readModel refuses, with DATA,", () => {
  const cases: [string, Uint8Array | null, RegExp][] = [
    ["a file that is not there", null, /no such file/],
    [
      "another program's file",
      encodeSafetensors([{ name: "w", shape: [], values: new Float32Array(1) }]),
      /kshot: nothing/,
    ],
    ["metadata that is not JSON", encodeSafetensors([], { kshot: "{" }), /line 1, column 2: Not JSON/],
    ["metadata of another schema", encodeSafetensors([], { kshot: "{}" }), /format/],
    ["a text file", Buffer.from("this is a text file"), /not a safetensors file/],
  ];
  it.each(cases)("%s", async (_, bytes, message) => {
    if (bytes !== null) writeFileSync(scratch.at("m"), bytes);
    const error = await readModel(scratch.at("m")).catch((e) => e);
    expect(error).toMatchObject({ code: "DATA", message: expect.stringMatching(message) });
    expect(error.message).toContain(scratch.at("m"));
  });
});

describe("vectorFrom refuses", () => {
  const tensor = (name: string, shape: number[]) => ({
    name,
    shape,
    values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  });
  const weight = tensor("fc.weight", [3, 2]);
  it.each([
    [
      "another shape",
      [tensor("fc.weight", [4, 2]), tensor("fc.bias", [3])],
      /m, tensor fc\.weight: shape \[4, 2\]\. Expected shape \[3, 2\]/,
    ],
    ["a transposed shape of equal size", [tensor("fc.weight", [2, 3]), tensor("fc.bias", [3])], /shape \[2, 3\]/],
    ["a missing tensor", [weight], /m, tensor fc\.bias: missing; the file holds fc\.weight\. Expected shape \[3\]/],
    [
      "one extra tensor",
      [weight, tensor("fc.bias", [3]), tensor("h0", [1])],
      /m, tensor h0: shape \[1\], which is not part of the model/,
    ],
  ])("%s", (_, tensors, message) => {
    expect(() => vectorFrom(tensors, layout, "m")).toThrow(message);
  });
});
