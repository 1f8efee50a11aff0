import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openModel, openRecommender } from "@kshot/recommend";
import { decodeSafetensors, encodeSafetensors } from "@kshot/store";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/tiny.js";
import { writeSmallModel } from "../../test/write-model.js";
import { writeOnnxModel } from "./export-model.js";
import { type ImportOptions, importNetwork } from "./import-network.js";

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);

describe("writeOnnxModel", () => {
  it("writes a model as trained and fitted to a person, over its own earlier file and no other", async () => {
    const model = await writeSmallModel(at("run"), "meta-sgd", { rates: true });
    const out = at("model.onnx");
    expect(await writeOnnxModel({ model, out })).toEqual({ fitted: undefined });
    const trained = readFileSync(out);
    expect(trained.includes('["a","b","c"]')).toBe(true);
    const { fitted } = await writeOnnxModel({ model, out, history: ["a", "b", "c"] });
    expect(fitted).toMatchObject({ pairs: 2 });
    expect(readFileSync(out).length).toBe(trained.length);
    expect(readFileSync(out).equals(trained)).toBe(false);
    writeFileSync(at("notes.onnx"), "mine");
    await expect(writeOnnxModel({ model, out: at("notes.onnx") })).rejects.toMatchObject({ code: "USAGE" });
    expect(readFileSync(at("notes.onnx"), "utf8")).toBe("mine");
  });
});

describe("importNetwork", () => {
  const [items, embeddingDim, hiddenDim] = [3, 2, 2];
  const tensor = (name: string, ...shape: number[]) => ({
    name,
    shape,
    values: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => (i % 5) / 10),
  });
  const network = [
    tensor("emb.weight", items, embeddingDim),
    tensor("rnn.weight_ih_l0", 3 * hiddenDim, embeddingDim),
    tensor("rnn.weight_hh_l0", 3 * hiddenDim, hiddenDim),
    tensor("rnn.bias_ih_l0", 3 * hiddenDim),
    tensor("rnn.bias_hh_l0", 3 * hiddenDim),
    tensor("out.weight", items, hiddenDim),
    tensor("out.bias", items),
  ];
  const options = (tensors: readonly ReturnType<typeof tensor>[], more: Partial<ImportOptions> = {}): ImportOptions => {
    writeFileSync(at("weights.safetensors"), encodeSafetensors(tensors));
    writeFileSync(at("items.json"), JSON.stringify({ b: 1, a: 0, c: 2 }));
    return {
      ...{ weights: at("weights.safetensors"), items: at("items.json"), out: at("in.safetensors") },
      ...{ k: 2, q: 3, maxSeqLen: 50 },
      ...more,
    };
  };

  it("takes the sizes from the shapes, the items in the order of their numbers, and titles by name", async () => {
    writeFileSync(at("titles.json"), JSON.stringify({ a: "First" }));
    const found = await importNetwork(options(network, { titles: at("titles.json") }));
    expect(found).toEqual({ items, layers: 1, embeddingDim, hiddenDim });
    const { metadata } = await openModel(at("in.safetensors"));
    expect(metadata).toMatchObject({ algorithm: "gru", items: ["a", "b", "c"], titles: ["First", "b", "c"] });
    const { tensors } = decodeSafetensors(readFileSync(at("in.safetensors")), "in");
    expect(tensors.map(({ name }) => name)).toContain("gru.weight_ih_l0");
    const recommender = await openRecommender(at("in.safetensors"), { workers: 1 });
    expect((await recommender.recommend(["a", "First"])).items).toHaveLength(3);
    recommender.close();
  });

  it("replaces an imported model, and no trained one", async () => {
    await importNetwork(options(network));
    await importNetwork(options(network));
    const trained = await writeSmallModel(at("trained"), "meta-sgd", { rates: true });
    const before = readFileSync(trained);
    await expect(importNetwork(options(network, { out: trained }))).rejects.toMatchObject({ code: "USAGE" });
    expect(readFileSync(trained).equals(before)).toBe(true);
  });

  const without = (name: string) => network.filter((own) => own.name !== name);
  it.each([
    ["a bidirectional GRU", [...network, tensor("rnn.bias_ih_l0_reverse", 6)], /bidirectional/],
    ["no GRU", [tensor("x.weight", 3, 2)], /0 tensors …weight_ih_l0/],
    ["an LSTM's rows", [...without("rnn.weight_ih_l0"), tensor("rnn.weight_ih_l0", 8, 2)], /with 8 rows/],
    ["no bias of the output layer", without("out.bias"), /no bias of an output layer/],
    ["a layer more", [...network, tensor("extra.weight", 2, 2)], /4 tensors in addition/],
  ])("refuses %s and writes nothing", async (_, tensors, message) => {
    const asked = options(tensors, { out: at("none.safetensors") });
    await expect(importNetwork(asked)).rejects.toThrow(message);
    expect(() => readFileSync(at("none.safetensors"))).toThrow();
  });

  it.each<[string, unknown, RegExp]>([
    ["too few items", ["a", "b"], /2 items; the embedding and the output layer .* have 3/],
    ["a name twice", ["a", "b", "a"], /Expected distinct names/],
    ["numbers with a gap", { a: 0, b: 1, c: 3 }, /Expected distinct names/],
    ["no list", 7, /Expected distinct names/],
  ])("refuses %s", async (_, content, message) => {
    const asked = options(network);
    writeFileSync(asked.items, JSON.stringify(content));
    await expect(importNetwork(asked)).rejects.toThrow(message);
  });

  it("refuses titles of another number, and a file that is not there", async () => {
    writeFileSync(at("two.json"), JSON.stringify(["x", "y"]));
    await expect(importNetwork(options(network, { titles: at("two.json") }))).rejects.toThrow(/a list of 3 titles/);
    await expect(importNetwork(options(network, { items: at("nothing.json") }))).rejects.toThrow(/no such file/);
  });
});
