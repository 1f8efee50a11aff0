import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createSimdEngine } from "@kshot/gru-simd";
import { adapt } from "@kshot/meta-sgd";
import fc from "fast-check";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { modelFiles, type TestModel, testModel } from "../test/model.js";
import { logSumExp } from "./candidates.js";
import { openRecommender } from "./open-recommender.js";
import type { History, Recommender } from "./recommender.js";

const folder = mkdtempSync(join(tmpdir(), "kshot-recommend-"));
const open: Recommender[] = [];
afterEach(() => {
  for (const recommender of open.splice(0)) recommender.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function opened(options: TestModel = {}, workers = 1): Promise<Recommender> {
  const recommender = await openRecommender(modelFiles(options).whole, { workers });
  open.push(recommender);
  return recommender;
}

/** Scores of all items by the engine's own calls: adapt on the pairs, then the logits of the query. */
async function scoresByHand(
  options: TestModel,
  pairs: { sequences: number[][]; labels: number[] },
  query: number[],
  steps: number,
): Promise<number[]> {
  const { shape, theta, alpha } = testModel(options);
  const engine = await createSimdEngine({ config: shape, workers: 1 });
  try {
    const clip = options.learner?.inner_clip as number | undefined;
    const fitted =
      steps === 0 || alpha === null
        ? theta
        : (await adapt(engine, theta, alpha, [engine.batch(pairs)], steps, clip ? { innerClip: clip } : {}))[0];
    const [logits] = await engine.logits([fitted!], [engine.batch({ sequences: [query], labels: [0] })]);
    return Array.from(logits!.values);
  } finally {
    engine.dispose();
  }
}

describe("recommends by the scores that the engine gives after the inner steps", () => {
  const support = { sequences: [[0], [0, 1], [0, 1, 2]], labels: [1, 2, 3] };
  it.each<[string, TestModel, number]>([
    ["one layer", {}, 2],
    ["two layers", { layers: 2 }, 2],
    ["clipped inner gradients", { learner: { inner_clip: 0.1 } }, 2],
    ["no inner step", { learner: { num_inner_steps: 0 } }, 0],
    ["a network without learning rates", { algorithm: "gru", rate: null }, 0],
  ])("%s", async (_, options, steps) => {
    const recommender = await opened(options);
    const answer = await recommender.recommend(["a", "b", "c", "d"], { top: 7 });
    const scores = await scoresByHand(options, support, [0, 1, 2, 3], steps);
    const order = scores.map((_, item) => item).sort((a, b) => scores[b]! - scores[a]! || a - b);
    expect(answer.items.map(({ item }) => item)).toEqual(order.map((item) => "abcdefg"[item]));
    answer.items.forEach(({ score, probability, rank }, i) => {
      expect(score).toBeCloseTo(scores[order[i]!]!, 5);
      expect(probability).toBeCloseTo(Math.exp(score - logSumExp(scores)), 6);
      expect(rank).toBe(i + 1);
    });
    expect(answer.adapted).toEqual({ pairs: steps === 0 ? 0 : 3, steps });
  });

  it("rank before is the rank without adaptation", async () => {
    const recommender = await opened();
    const { items } = await recommender.recommend(["a", "b", "c", "d"], { top: 7, before: true });
    const scores = await scoresByHand({}, support, [0, 1, 2, 3], 0);
    const order = scores.map((_, item) => item).sort((a, b) => scores[b]! - scores[a]! || a - b);
    for (const { item, rankBefore } of items) expect(rankBefore).toBe(order.indexOf("abcdefg".indexOf(item)) + 1);
    expect(items.some(({ rank, rankBefore }) => rank !== rankBefore)).toBe(true);
  });

  it("a model of whole histories reads all sessions", async () => {
    const options = { algorithm: "gru-context", rate: null };
    const recommender = await opened(options);
    const { items } = await recommender.recommend([["a", "b"], ["c"]], { top: 1 });
    const scores = await scoresByHand(options, support, [0, 1, 2], 0);
    expect(items[0]!.score).toBeCloseTo(Math.max(...scores), 5);
  });

  it("the mask `notebook` is kept when the model steps", async () => {
    const [carry, notebook] = [await opened(), await opened({ learner: { mask: "notebook" } })];
    const [one, other] = [await carry.recommend(["a", "b"]), await notebook.recommend(["a", "b"])];
    expect(one.items[0]!.score).not.toBeCloseTo(other.items[0]!.score, 4);
  });
});

describe("few or no clicks", () => {
  it("one click gives no pair: the ranking of the model as trained", async () => {
    const answer = await (await opened()).recommend(["b"]);
    expect(answer.adapted).toEqual({ pairs: 0, steps: 0 });
    const scores = await scoresByHand({}, { sequences: [], labels: [] }, [1], 0);
    expect(answer.items[0]!.score).toBeCloseTo(Math.max(...scores), 5);
  });

  it.each<[string, History]>([
    ["an empty history", []],
    ["an empty session", [[]]],
  ])("%s gives the output layer's biases", async (_, history) => {
    const { theta } = testModel();
    const biases = Array.from(theta.subarray(-7));
    const answer = await (await opened()).recommend(history, { top: 1, before: true });
    expect(answer.items[0]).toMatchObject({ score: Math.max(...biases), rank: 1, rankBefore: 1 });
    expect(answer.adapted).toEqual({ pairs: 0, steps: 0 });
  });
});

describe("which items are ranked", () => {
  const names = (answer: { items: readonly { item: string }[] }) => answer.items.map(({ item }) => item).sort();
  it.each([
    ["new ones only", { newOnly: true }, ["c", "d", "e", "f", "g"]],
    ["among some", { among: ["a", "f"] }, ["a", "f"]],
    ["without some", { exclude: ["a", "f"] }, ["b", "c", "d", "e", "g"]],
    ["among some, without one of them, new", { among: ["a", "f", "g"], exclude: ["g"], newOnly: true }, ["f"]],
    ["among none", { among: [] }, []],
  ])("%s", async (_, options, expected) => {
    expect(names(await (await opened()).recommend(["a", "b"], { top: 99, ...options }))).toEqual(expected);
  });

  it("titles name items where the name is not known, and come with the answer", async () => {
    const titles = ["Algebra", "Botany", "Chemistry", "Drama", "Economics", "Botany", "Geology"];
    const recommender = await opened({ titles });
    const answer = await recommender.recommend(["algebra", "g"], { among: ["Drama"] });
    expect(answer.items).toMatchObject([{ item: "d", title: "Drama", rank: 1 }]);
    await expect(recommender.recommend(["botany"])).rejects.toThrow(/a title of 2 items: b, f/);
    await expect(recommender.recommend(["chemstry"])).rejects.toThrow(/near it: "Chemistry"/);
  });

  it("unknown items are refused, or left out and listed", async () => {
    const recommender = await opened();
    await expect(recommender.recommend(["a", "zebra"])).rejects.toMatchObject({ code: "USAGE" });
    const skipped = await recommender.recommend(["x1", "a", "x2", "b"], { unknown: "skip" });
    expect(skipped.ignored).toEqual(["x1", "x2"]);
    expect(skipped.items).toEqual((await recommender.recommend(["a", "b"])).items);
    expect((await recommender.recommend(["x1"], { unknown: "skip" })).adapted.pairs).toBe(0);
  });
});

describe("many people", () => {
  it("each person gets the same answer as alone, bit for bit, for one worker and two", async () => {
    const alone = await opened();
    const together = await opened({}, 2);
    const histories = fc.sample(fc.array(fc.array(fc.constantFrom(..."abcdefg"), { maxLength: 9 }), { maxLength: 3 }), {
      numRuns: 40,
      seed: 3,
    });
    const options = { top: 7, before: true };
    const answers = await together.recommendMany(histories, options);
    for (const [i, history] of histories.entries()) {
      expect(answers[i]).toEqual(await alone.recommend(history, options));
    }
    expect(await together.recommendMany([])).toEqual([]);
  });

  it("a long history costs as much as its end", async () => {
    const recommender = await opened();
    const long = Array.from({ length: 20_000 }, (_, i) => "abcdefg"[(i * i + (i >> 3)) % 7]!);
    expect(await recommender.recommend(long)).toEqual(await recommender.recommend(long.slice(-40)));
  });
});

describe("a fitted person", () => {
  it("ranks again and again, and follows click by click", async () => {
    const recommender = await opened();
    const person = await recommender.fit(["a", "b"]);
    expect(await person.rank({ top: 3 })).toEqual(await recommender.recommend(["a", "b"], { top: 3 }));
    await person.observe("c");
    await person.observe("d");
    const whole = await recommender.recommend(["a", "b", "c", "d"], { newOnly: true });
    expect(await person.rank({ newOnly: true })).toEqual(whole);
    expect(person.adapted).toEqual({ pairs: 3, steps: 2 });
    await expect(person.observe("zebra")).rejects.toMatchObject({ code: "USAGE" });
    expect(await person.rank({ newOnly: true })).toEqual(whole);
  });

  it("may begin with nothing, and skip what is unknown", async () => {
    const recommender = await opened();
    const person = await recommender.fit([], { unknown: "skip" });
    await person.observe("x");
    await person.observe("a");
    expect(person.ignored).toEqual(["x"]);
    expect((await person.rank()).items).toEqual((await recommender.recommend(["a"])).items);
  });
});

describe("opens", () => {
  const write = (name: string, bytes: Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const { theta, alpha, whole } = modelFiles();

  it("one file, two files, a path, a URL, bytes: the same answers", async () => {
    write("two.alpha.safetensors", alpha!);
    const sources = [
      { source: whole },
      { source: theta, alpha: alpha! },
      { source: write("whole.safetensors", whole) },
      { source: pathToFileURL(write("url.safetensors", whole)) },
      { source: write("two.safetensors", theta) },
    ];
    for (const { source, alpha: rates } of sources) {
      const recommender = await openRecommender(source, rates ? { alpha: rates } : {});
      open.push(recommender);
      expect(await recommender.recommend(["a", "b", "c"])).toEqual(await open[0]!.recommend(["a", "b", "c"]));
    }
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ["no file", () => openRecommender(join(folder, "none.safetensors")), /none\.safetensors: no such file/],
    ["a folder", () => openRecommender(folder), /a folder/],
    ["no learning rates", () => openRecommender(theta), /without its inner learning rates/],
    ["learning rates as a model", () => openRecommender(alpha!), /learning rates \(α\), not a model/],
    ["a model as learning rates", () => openRecommender(theta, { alpha: theta }), /a model, not learning rates/],
    [
      "learning rates of another model",
      () => openRecommender(theta, { alpha: modelFiles({ items: [..."abcdefh"] }).alpha! }),
      /of another model/,
    ],
    ["a cut file", () => openRecommender(whole.slice(0, -4)), /cut off/],
    ["bytes of another format", () => openRecommender(new TextEncoder().encode('{"a":1}, not a model')), /safetensors/],
    ["K = 0", () => openRecommender(modelFiles({ config: { K: 0 } }).whole), /config\.K: 0\. Expected an integer of 1/],
    ["a mask that is not known", () => openRecommender(modelFiles({ learner: { mask: "x" } }).whole), /mask: "x"/],
  ])("not %s", async (_, opening, message) => {
    await expect(opening()).rejects.toMatchObject({ code: "DATA", message: expect.stringMatching(message) });
  });
});

describe("refuses with USAGE", () => {
  it.each<[string, (recommender: Recommender) => Promise<unknown>, RegExp]>([
    ["a text as history", (r) => r.recommend("a" as never), /^history: a value of type string/],
    ["null as history", (r) => r.recommend(null as never), /^history: null/],
    ["a number in a history", (r) => r.recommend(["a", 3] as never), /^history: the number 3 at position 1/],
    ["a number in a session", (r) => r.recommend([["a", 3]] as never), /the number 3 at position 1 of session 0/],
    ["top 0", (r) => r.recommend(["a"], { top: 0 }), /^top: 0\. Expected a positive integer/],
    ["top 1.5", (r) => r.recommend(["a"], { top: 1.5 }), /^top: 1\.5/],
    ["top NaN", (r) => r.recommend(["a"], { top: Number.NaN }), /^top: NaN/],
    ["newOnly as a text", (r) => r.recommend(["a"], { newOnly: "yes" as never }), /^newOnly/],
    ["unknown of another kind", (r) => r.recommend(["a"], { unknown: "drop" as never }), /^unknown: "drop"/],
    ["among as a text", (r) => r.recommend(["a"], { among: "a" as never }), /^among/],
    ["an unknown candidate", (r) => r.recommend(["a"], { among: ["zebra"] }), /^among, item "zebra"/],
    ["an unknown exclusion", (r) => r.recommend(["a"], { exclude: ["zebra"] }), /^exclude, item "zebra"/],
    ["invalid histories", (r) => r.recommendMany({} as never), /^histories/],
    ["an observation that is not text", async (r) => (await r.fit(["a"])).observe(3 as never), /^observe, item/],
    ["a name with control characters, escaped", (r) => r.recommend(["\u001b[2J\u202e"]), /"\\u001b\[2J\\u202e"/],
  ])("%s", async (_, ask, message) => {
    const recommender = await opened();
    await expect(ask(recommender)).rejects.toMatchObject({ code: "USAGE", message: expect.stringMatching(message) });
  });

  it("a call after close", async () => {
    const recommender = await opened();
    recommender.close();
    recommender.close();
    await expect(recommender.recommend(["a"])).rejects.toMatchObject({ code: "USAGE" });
  });

  it("a source of another kind", async () => {
    await expect(openRecommender(3 as never)).rejects.toMatchObject({ code: "USAGE" });
  });
});

it("an item called __proto__ or constructor is an item like any other", async () => {
  const recommender = await opened({ items: ["__proto__", "constructor", "c"] });
  const { items } = await recommender.recommend(["__proto__", "constructor"], { top: 3 });
  expect(items.map(({ item }) => item).sort()).toEqual(["__proto__", "c", "constructor"]);
});
