import { KshotError } from "@kshot/contract";
import { beforeAll, describe, expect, it } from "vitest";
import { countEngine } from "../../test/count-engine.js";
import { temporaryFolder, tinyCampus } from "../../test/tiny.js";
import { rankValidationPeople, stackedScorer } from "../evaluation/index.js";
import { learnMixture } from "./count-models.js";
import { type HybridCandidate, learnHybrid } from "./hybrid.js";
import { mostItems, stackPeople } from "./stack-people.js";

const folder = temporaryFolder();
let data: Awaited<ReturnType<typeof tinyCampus>>["data"];
let sensible: HybridCandidate;
let contrary: HybridCandidate;
const options = { seed: 1, progress: () => {} };

beforeAll(async () => {
  ({ data } = await tinyCampus(folder));
  const n = data.items.length;
  const counts = new Float64Array(n);
  for (const label of data.val.pairs.label) counts[label]! += 1;
  // A network that knows the popularity of the validation people, and one that is wrong at random positions.
  const biases = (of: (item: number) => number) => Float64Array.from({ length: n + 1 }, (_, i) => (i < n ? of(i) : -2));
  const rules = { context: false, innerSteps: 0, innerClip: null };
  const network = (algorithm: "gru" | "gru-context", theta: Float64Array) => ({
    ...{ algorithm, theta, alpha: null, rules, engine: countEngine(n) },
  });
  sensible = network(
    "gru-context",
    biases((item) => Math.log(1 + counts[item]!)),
  );
  contrary = network(
    "gru",
    biases((item) => ((item * 7919) % 13) / 4),
  );
});

describe("hybrid", () => {
  it("keeps the network with the best prediction of held-out people, and reports the value of each expert", async () => {
    const { network, facts, mixture } = await learnHybrid(data, [contrary, sensible], options);
    expect(network.algorithm).toBe("gru-context");
    const { shares, loss, network: choice, examples } = facts.stack!;
    expect(choice?.tried.map(({ name }) => name)).toEqual([null, "gru", "gru-context"]);
    const [alone, , kept] = choice!.tried;
    expect(kept!.loss).toBeLessThan(alone!.loss);
    expect(shares.map(({ name }) => name)).toContain("gru-context");
    expect(shares.map(({ name }) => name)).not.toContain("gru");
    for (const { lossWithout } of shares) expect(lossWithout).toBeGreaterThanOrEqual(loss - 1e-3);
    expect(examples).toBe(stackPeople(data).reduce((sum, { query }) => sum + query.sequences.length, 0));
    // The fitted loss is the evaluated one: the mean −log p of the labels, by the scorer.
    const scorer = stackedScorer(mixture, network);
    let sum = 0;
    for (const { support, query } of stackPeople(data)) {
      const logits = (await scorer.scores([{ support, query }], [0]))[0]![0]!;
      query.sequences.forEach((_, row) => {
        sum -= Math.log(logits.values[row * logits.columns + query.labels[row]!]!);
      });
    }
    expect(sum / examples).toBeCloseTo(loss, 5);
    const [ranked] = await rankValidationPeople(scorer, data, [0]);
    expect(ranked!.queries.length).toBe(data.val.windows.first.length);
  });

  it("gives the last item a probability where the train pairs show that an item follows itself, as the mixture does", async () => {
    const { pairs } = data.train;
    const last = (table: typeof pairs) => table.prefixItems[table.prefixOffsets[1]! - 1]!;
    const repeating = { ...pairs, label: pairs.label.slice() };
    repeating.label[0] = last(pairs);
    const twice = { ...data, train: { ...data.train, pairs: repeating } };
    const item = last(pairs);
    const { mixture } = await learnHybrid(twice, [sensible], options);
    expect(mixture.stack.repeats).toBe(true);
    expect(learnMixture(twice).scorer.scores([item], null)[item]).toBeGreaterThan(0);
    expect(learnMixture(data).scorer.scores([item], null)[item]).toBe(0);
  });

  it("is fitted on queries after the support pairs, of people with fewer pairs too", () => {
    const people = stackPeople(data);
    expect(people.length).toBeGreaterThan(data.val.windows.first.length);
    for (const { support, query } of people) {
      expect(support.sequences.length).toBeGreaterThanOrEqual(1);
      expect(support.sequences.length).toBeLessThanOrEqual(data.k);
      expect(query.sequences.length).toBeLessThanOrEqual(data.q);
    }
    expect(mostItems(people, 8)).toBe(4000);
    const crowd = Array.from({ length: 40_000 }, () => people[0]!);
    expect(mostItems(crowd, 8)).toBe(200);
  });

  it("stops when its signal fires", async () => {
    const stopped = learnHybrid(data, [sensible], { ...options, signal: AbortSignal.abort() });
    const error = await stopped.catch((caught: unknown) => caught);
    expect(KshotError.isInstance(error) && error.code).toBe("INTERRUPTED");
  });
});
