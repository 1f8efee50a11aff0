import { configSchema } from "@kshot/contract/schemas";
import { expect, it } from "vitest";
import { neededResources } from "./needed-resources.js";
import { machineResources, requireResources, sizeInWords } from "./require-resources.js";

const config = (changes: object) => configSchema.parse({ algorithms: ["meta-sgd"], ...changes });
const large = { memory: 1e12, disk: 1e15 };

// Measured on docs/performance.md, with two workers: resident megabytes by number of items.
it.each([
  [343, 185],
  [3321, 324],
  [33210, 1361],
])("%i items need about %i MB", (items, megabytes) => {
  const needed = neededResources(config({}), items);
  // An estimate for people: a third more or less.
  expect(needed.memory / 1e6 / megabytes).toBeGreaterThan(0.67);
  expect(needed.memory / 1e6 / megabytes).toBeLessThan(1.5);
  expect(needed.leastMemory).toBeLessThan(needed.memory);
});

it("disk holds the checkpoints of every meta-learner", () => {
  const one = neededResources(config({}), 343);
  const two = neededResources(config({ algorithms: ["maml", "meta-sgd"] }), 343);
  const rare = neededResources(config({ metasgd_config: { checkpoint_interval: 5000 } }), 343);
  expect([one.checkpoints, two.checkpoints, rare.checkpoints]).toEqual([10, 20, 2]);
  // 140,695 parameters, 48 bytes each, 10 kept and 2 in turn; 12 bytes each for model, rates and their copy.
  expect(one.disk).toBe((12 * 48 + 12) * 140_695);
  const hybrid = (hybrid_networks?: number) =>
    neededResources(config({ algorithms: ["gru", "hybrid"], ...(hybrid_networks ? { hybrid_networks } : {}) }), 343)
      .disk;
  expect(hybrid() - hybrid(1)).toBeCloseTo(9 * (hybrid(2) - hybrid(1)), 3);
  expect(hybrid(2)).toBeGreaterThan(hybrid(1));
  expect(neededResources(config({ algorithms: ["markov"] }), 343)).toMatchObject({ disk: 0, checkpoints: 0 });
});

it("refuses what does not fit, and says how much it is", async () => {
  const huge = neededResources(config({ gru_config: { hidden_dim: 1e9 } }), 343);
  expect(() => requireResources(huge, large, "p")).toThrow(
    expect.objectContaining({
      code: "FAILED",
      message: expect.stringMatching(/at least [\d,]+ PB are needed.*1\.0 TB/),
    }),
  );
  const batch = neededResources(config({ metasgd_config: { meta_batch_size: 1e10 } }), 343);
  expect(() => requireResources(batch, large, "p")).toThrow(/Memory for this run/);
  const many = neededResources(config({ metasgd_config: { checkpoint_interval: 1 } }), 343);
  expect(() => requireResources(many, { ...large, disk: 1e9 }, "p")).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/p: about 68 GB are needed, for 10000 checkpoints.*at most 1\.0 GB/),
      // A worker recognises the full disk by this.
      cause: expect.objectContaining({ code: "ENOSPC" }),
    }),
  );
  expect(() => requireResources(many, { ...large, disk: undefined }, "p")).not.toThrow();
  requireResources(neededResources(config({}), 343), await machineResources("/no/such/folder/yet"), "p");
});

it.each([
  [999, "999 bytes"],
  [1500, "1.5 kB"],
  [23_000_000, "23 MB"],
  [2.5e19, "25,000 PB"],
])("%d bytes are %s", (bytes, words) => expect(sizeInWords(bytes)).toBe(words));
