import {
  type CountsDescription,
  expertOfLogits,
  fitExperts,
  fitMixture,
  markov,
  type StoredCounts,
  storeMixture,
  storeScorer,
} from "@kshot/baselines";
import type { PairTable } from "@kshot/contract";
import { countTensors, encodeSafetensors, type Tensor } from "@kshot/store/safetensors";
import { describe, expect, it } from "vitest";
import { testModel } from "../test/model.js";
import { openModel, openRecommender } from "./index.js";

const nItems = 7;
const next = (item: number) => (item + 1) % nItems;

/** Seven people; each takes four items in order, from another first item: three pairs a person. */
function pairsInOrder(): PairTable {
  const prefixes = Array.from({ length: 3 * nItems }, (_, row) =>
    Array.from({ length: 1 + (row % 3) }, (_, i) => (Math.floor(row / 3) + i) % nItems),
  );
  const numbers = (of: (row: number) => number) => Int32Array.from(prefixes, (_, row) => of(row));
  const people = Array.from({ length: nItems }, (_, p) => `u${p}`);
  return {
    length: prefixes.length,
    pairId: numbers((row) => row),
    users: people,
    user: numbers((row) => Math.floor(row / 3)),
    sessions: people,
    session: numbers((row) => Math.floor(row / 3)),
    prefixOffsets: Int32Array.from([0, ...prefixes.map((_, row) => prefixes.slice(0, row + 1).flat().length)]),
    prefixItems: Int32Array.from(prefixes.flat()),
    label: numbers((row) => next(prefixes[row]!.at(-1)!)),
    labelTime: Float64Array.from(prefixes, (_, row) => row),
  };
}

const train = pairsInOrder();
const validation = Array.from({ length: nItems }, (_, item) => ({ query: [item], support: null, label: next(item) }));
const counted = fitExperts(train, nItems, [{ name: "markov-1", countModel: "variable-markov" }]);

/** The file of a counting model, or of a stack with a network. */
function fileOf(
  algorithm: string,
  { description, tensors }: StoredCounts,
  { network, counts = description }: { network?: string; counts?: unknown } = {},
): Uint8Array {
  const { layout, theta, metadata } = testModel({ algorithm });
  const weights: Tensor[] = layout.tensors.map(({ name, shape, offset, size }) => ({
    ...{ name, shape, values: theta.subarray(offset, offset + size) },
  }));
  return encodeSafetensors([...countTensors(tensors), ...(network === undefined ? [] : weights)], {
    kshot: JSON.stringify({ ...metadata, kind: "counts", counts, network }),
  });
}

const first = async (bytes: Uint8Array, history: readonly string[]) => {
  const recommender = await openRecommender(bytes);
  try {
    return (await recommender.recommend(history, { top: 1 })).items[0]?.item;
  } finally {
    recommender.close();
  }
};

describe("a model that counts", () => {
  it("ranks by its counts; for a person without clicks by popularity", async () => {
    const bytes = fileOf("markov", storeScorer(markov(train, nItems)));
    expect(await first(bytes, ["a", "b"])).toBe("c");
    expect(await first(bytes, ["f"])).toBe("g");
    const recommender = await openRecommender(bytes);
    const { items } = await recommender.recommend([]);
    const popularity = Array.from(
      { length: nItems },
      (_, item) => train.label.filter((label) => label === item).length,
    );
    expect(items.map(({ score }) => score)).toEqual([...popularity].sort((a, b) => b - a));
    recommender.close();
  });

  it("as a stack ranks as the mixture does that was stored", async () => {
    const { mixture } = fitMixture(counted, validation);
    const bytes = fileOf("mixture", storeMixture(mixture));
    for (const item of [0, 3, 6]) {
      const scores = mixture.scores([item], null);
      expect(await first(bytes, ["abcdefg"[item]!])).toBe("abcdefg"[scores.indexOf(Math.max(...scores))]);
    }
  });

  it("with a network is opened with both, and the better expert decides", async () => {
    const flat = expertOfLogits("gru", () => new Float64Array(nItems));
    const { mixture } = fitMixture([...counted, flat], validation);
    expect(await first(fileOf("hybrid", storeMixture(mixture), { network: "gru" }), ["c", "d"])).toBe("e");
  });

  it("is not a network", async () => {
    const bytes = fileOf("markov", storeScorer(markov(train, nItems)));
    await expect(openModel(bytes)).rejects.toThrow(/markov, which counts.*Expected a network alone/);
  });
});

describe("a damaged description of counts", () => {
  const { mixture } = fitMixture(counted, validation);
  const sound = storeMixture(mixture);
  const { parts, stack } = sound.description as CountsDescription & { stack: object };
  it.each<[string, unknown, RegExp]>([
    ["no parts", {}, /counts\.parts/],
    ["parts that are not a list", { parts: 1, stack }, /counts\.parts.*a list/],
    [
      "options that are text",
      { parts: [{ ...parts[0], options: { orders: "2" } }], stack },
      /parts\.0\.options.*numbers/,
    ],
    ["a weight that is text", { parts, stack: { ...stack, weights: ["1", 0, 0, 0] } }, /weights\.0.*a number/],
    ["too few weights", { parts, stack: { ...stack, weights: [1] } }, /weights.*4 numbers/],
  ])("%s: DATA that names the key", async (_, counts, message) => {
    const opened = openRecommender(fileOf("mixture", sound, { counts }));
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toMatchObject({ code: "DATA" });
  });
});
