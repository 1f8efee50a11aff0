import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { modelFiles, testModel } from "../../../packages/recommend/test/model.js";
import { encodeSafetensors } from "../../../packages/store/dist/index.js";
import { keptFolder, kshot } from "./kshot.js";

const folder = keptFolder();
const names: Readonly<Record<string, string>> = { embedding: "emb", gru: "encoder.rnn", fc: "out" };

beforeAll(() => {
  const model = { algorithm: "gru", rate: null } as const;
  writeFileSync(join(folder, "own.safetensors"), modelFiles(model).whole);
  writeFileSync(join(folder, "meta.safetensors"), modelFiles({ layers: 2 }).whole);
  writeFileSync(join(folder, "notebook.safetensors"), modelFiles({ learner: { mask: "notebook" } }).whole);
  const { layout, theta, metadata } = testModel(model);
  // As another program names its modules.
  const tensors = layout.tensors.map(({ name, shape, offset, size }) => ({
    name: name.replace(/^[a-z]+/, (module) => names[module] ?? module),
    shape,
    values: theta.slice(offset, offset + size),
  }));
  writeFileSync(join(folder, "weights.safetensors"), encodeSafetensors(tensors));
  writeFileSync(join(folder, "part.safetensors"), encodeSafetensors(tensors.filter(({ name }) => name !== "out.bias")));
  writeFileSync(
    join(folder, "items.json"),
    JSON.stringify(Object.fromEntries(metadata.items.map((name, i) => [name, i]))),
  );
  writeFileSync(join(folder, "titles.json"), JSON.stringify({ a: "Algebra" }));
  writeFileSync(join(folder, "short.json"), JSON.stringify(["a", "b"]));
  writeFileSync(join(folder, "clicks.json"), JSON.stringify(["a", "b", "c"]));
  writeFileSync(join(folder, "none.json"), "[]");
});

const recommended = async (model: string) => {
  const history = ["a", "b", "c"].flatMap((item) => ["--history", item]);
  const done = await kshot(["recommend", "--model", model, "--json", ...history], folder);
  expect(done.status, done.stderr).toBe(0);
  return JSON.parse(done.stdout).items as { item: string; score: number; title?: string }[];
};

describe("import", () => {
  const asked = ["import", "--weights", "weights.safetensors", "--items", "items.json"];

  it("imports weights under the names of another program, with titles; recommend ranks by them, bit for bit", async () => {
    const done = await kshot([...asked, "--titles", "titles.json", "--out", "in.safetensors"], folder);
    expect(done.status, done.stderr).toBe(0);
    expect(done.stdout).toBe("Written to in.safetensors: 7 items, embedding 5, hidden 6, 1 layer\n");
    const scores = (items: { item: string; score: number }[]) => items.map(({ item, score }) => [item, score]);
    // The test's own model reads the last four items, the imported one fifty: three are the same.
    expect(scores(await recommended("in.safetensors"))).toEqual(scores(await recommended("own.safetensors")));
    expect((await recommended("in.safetensors")).find(({ item }) => item === "a")?.title).toBe("Algebra");
    const told = await kshot(["inspect", "in.safetensors"], folder);
    expect(told.status, told.stderr).toBe(0);
    expect(told.stdout).toMatch(/not known: the weights were imported/);
    // A model of kshot is replaced, another file is not.
    expect((await kshot([...asked, "--out", "in.safetensors"], folder)).status).toBe(0);
  });

  it.each<[string, string[], number, RegExp]>([
    ["a vocabulary of another size", ["--items", "short.json", "--out", "o"], 3, /short\.json: 2 items; .* have 7/],
    [
      "weights without an output layer",
      ["--weights", "part.safetensors", "--out", "o"],
      3,
      /no bias of an output layer/,
    ],
    ["weights that are not there", ["--weights", "x.safetensors", "--out", "o"], 3, /x\.safetensors: no such file/],
    ["a file of another kind", ["--out", "clicks.json"], 2, /a file of another kind/],
    ["its own input", ["--out", "weights.safetensors"], 2, /writing would replace it/],
  ])("refuses %s", async (_, flags, status, message) => {
    const given = { "--weights": "weights.safetensors", "--items": "items.json" };
    const rest = Object.entries(given).flatMap(([flag, file]) => (flags.includes(flag) ? [] : [flag, file]));
    const done = await kshot(["import", ...rest, ...flags], folder);
    expect(done.stderr).toMatch(message);
    expect(done.status).toBe(status);
  });
});

describe("export", () => {
  it("writes ONNX, as trained and fitted to a person; the weights differ, the graph does not", async () => {
    const trained = await kshot(["export", "--model", "meta.safetensors", "--onnx", "m.onnx"], folder);
    expect(trained.status, trained.stderr).toBe(0);
    const fitted = await kshot(
      ["export", "--model", "meta.safetensors", "--onnx", "ada.onnx", "--for", "clicks.json"],
      folder,
    );
    expect(fitted.status, fitted.stderr).toBe(0);
    expect(fitted.stderr).toBe("Fitted by 2 steps on 2 pairs.\n");
    const [m, ada] = ["m.onnx", "ada.onnx"].map((name) => readFileSync(join(folder, name)));
    expect(m?.length).toBe(ada?.length);
    expect(m?.equals(ada!)).toBe(false);
    expect((await kshot(["export", "--model", "meta.safetensors", "--onnx", "m.onnx"], folder)).status).toBe(0);
    expect(readFileSync(join(folder, "m.onnx")).equals(m!)).toBe(true);
  });

  it.each<[string, string[], number, RegExp]>([
    ["a model of the mask notebook", ["--model", "notebook.safetensors", "--onnx", "n.onnx"], 2, /mask: notebook/],
    ["an empty history", ["--model", "meta.safetensors", "--onnx", "n.onnx", "--for", "none.json"], 2, /without items/],
    ["a file of another kind", ["--model", "meta.safetensors", "--onnx", "clicks.json"], 2, /of another kind/],
  ])("refuses %s", async (_, flags, status, message) => {
    const done = await kshot(["export", ...flags], folder);
    expect(done.stderr).toMatch(message);
    expect(done.status).toBe(status);
  });
});
