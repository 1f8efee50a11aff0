import { openCounts, storeMixture } from "@kshot/baselines";
import { type Batch, type Engine, KshotError, type Pairs } from "@kshot/contract";
import { beforeAll, describe, expect, it } from "vitest";
import { countEngine } from "../../test/count-engine.js";
import { temporaryFolder, tinyCampus } from "../../test/tiny.js";
import { rankValidationPeople, stackedScorer } from "../evaluation/index.js";
import { learnMixture } from "./count-models.js";
import { type HybridCandidate, type HybridEnsemble, isClearlyBetter, learnHybrid } from "./hybrid.js";
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

/** An engine whose scores are high for the label of each validation pair. */
function labelEngine(n: number, people: readonly { query: Pairs }[]): Engine {
  const labels = new Map(
    people.flatMap(({ query }) => query.sequences.map((s, row) => [Array.from(s).join(), query.labels[row]!] as const)),
  );
  const counted = countEngine(n);
  const histories = new WeakMap<Batch, readonly string[]>();
  return {
    ...counted,
    batch: (pairs, given) => {
      const batch = counted.batch(pairs, given);
      histories.set(
        batch,
        pairs.sequences.map((sequence) => Array.from(sequence).join()),
      );
      return batch;
    },
    logits: async (_, batches) =>
      batches.map((batch) => {
        const own = histories.get(batch)!;
        const values = new Float64Array(own.length * n);
        for (const [row, history] of own.entries()) values[row * n + labels.get(history)!] = 2;
        return { rows: own.length, columns: n, values };
      }),
  };
}

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

  it("keeps a network that was trained on the counts only for a significant gain over the best other network", async () => {
    const given: string[] = [];
    const learned = (plain: HybridCandidate, more: HybridCandidate) =>
      learnHybrid(data, [plain], {
        ...options,
        onCounts: async (start) => {
          given.push(start.network.algorithm);
          return [{ ...more, onCounts: true }];
        },
      });
    // A network that knows each label of the validation people, and one with a gain that chance can have.
    const people = stackPeople(data);
    const oracle = { ...sensible, engine: labelEngine(data.items.length, people) };
    const better = await learned(contrary, oracle);
    expect(better.network.onCounts).toBe(true);
    expect(better.facts.stack?.network).toMatchObject({ chosen: "gru-context", onCounts: true });
    expect(better.mixture.stack.experts.at(-1)).toBe("GRU with context on the counts");
    // The more often a training was validated, the clearer its gain must be.
    const looked = await learned(contrary, { ...oracle, looks: 2000 });
    expect(looked.network.onCounts).toBeUndefined();
    const same = await learned(sensible, {
      ...sensible,
      theta: sensible.theta.map((value, i) => value + 0.01 * (i % 3)),
    });
    expect(same.network.onCounts).toBeUndefined();
    expect(same.facts.stack?.network?.onCounts).toBeUndefined();
    expect(same.facts.stack?.network?.tried.map(({ name, onCounts }) => [name, onCounts])).toEqual([
      [null, undefined],
      ["gru-context", undefined],
      ["gru-context", true],
    ]);
    const [, alone, again] = same.facts.stack!.network!.tried;
    expect(Math.abs(again!.loss - alone!.loss)).toBeLessThan(0.05);
    expect(given).toEqual(["gru", "gru", "gru-context"]);
  });

  it("adds networks of other seeds to the kept one for a smaller loss, as one expert after it", async () => {
    const { rules } = contrary;
    const learned = (ensemble: HybridEnsemble) =>
      learnHybrid(data, [contrary], { ...options, ensemble: async () => ensemble });
    const engine = labelEngine(data.items.length, stackPeople(data));
    const better = await learned({ engine, rules, thetas: [sensible.theta, sensible.theta] });
    expect(better.ensemble).toEqual([sensible.theta, sensible.theta]);
    expect(better.facts.stack?.network?.ensemble).toMatchObject({ networks: 2, kept: true });
    expect(better.mixture.stack.experts.slice(-2)).toEqual(["gru", "ensemble"]);
    expect(better.facts.stack!.shares.map(({ name }) => name)).toContain("ensemble");
    const [none, single] = better.facts.stack!.network!.tried;
    expect(better.facts.stack!.network!.ensemble!.loss).toBeLessThan(Math.min(none!.loss, single!.loss));
    // The same network again.
    const same = await learned({ engine: contrary.engine, rules, thetas: [contrary.theta] });
    expect(same.ensemble).toEqual([]);
    expect(same.facts.stack?.network?.ensemble).toMatchObject({ networks: 1, kept: false });
    expect(same.mixture.stack.experts.at(-1)).toBe("gru");
  });

  it("leaves out the counts that the stack does not need, and keeps all where a network's steps read their scores", async () => {
    // Each label follows from the history by a rule that the network knows and that no train person follows: no count adds to it.
    const { pairs } = data.val;
    const label = pairs.label.map((_, row) => {
      const history = pairs.prefixItems.subarray(pairs.prefixOffsets[row], pairs.prefixOffsets[row + 1]);
      const sum = history.reduce((total, item, i) => total + (i + 1) * item, 0);
      return (history.at(-1)! + 1 + (sum % (data.items.length - 1))) % data.items.length;
    });
    const ruled = { ...data, val: { ...data.val, pairs: { ...pairs, label } } };
    const oracle = { ...sensible, engine: labelEngine(data.items.length, stackPeople(ruled)) };
    const { facts, mixture, counting, effort } = await learnHybrid(ruled, [oracle], options);
    const leftOut = facts.stack!.leftOut!.map(({ name }) => name);
    expect(leftOut.toSorted()).toEqual(["sequence-knn", "stan"]);
    const kept = counting.map(({ name }) => name).filter((name) => !leftOut.includes(name));
    expect(mixture.stack.experts).toEqual([...kept, "gru-context"]);
    expect(mixture.experts.map(({ name }) => name)).toEqual(kept);
    expect(facts.stack!.shares.map(({ name }) => name).slice(0, -1)).toEqual(mixture.stack.experts);
    expect(facts.stack!.loss).toBeLessThanOrEqual(facts.stack!.leftOut!.at(-1)!.loss + 1e-6);
    expect(effort).toMatch(/(STAN and Sequence-kNN|Sequence-kNN and STAN) left out/);
    const opened = openCounts("hybrid", storeMixture(mixture), data.items.length);
    const given = [Float64Array.from({ length: data.items.length }, (_, item) => item / 50)];
    expect(opened.scores([1, 2], null, given)).toEqual(mixture.scores([1, 2], null, given));
    // A network that knows nothing: the neighbours are needed.
    const alone = await learnHybrid(data, [contrary], options);
    expect(alone.facts.stack!.leftOut).toBeUndefined();
    const stepping = { ...oracle, offsetWeights: [...counting.map(() => 1), 0, 0, 0] };
    const whole = await learnHybrid(ruled, [stepping], options);
    expect(whole.facts.stack!.leftOut).toBeUndefined();
    expect(whole.mixture.experts).toHaveLength(counting.length);
  });

  it("a smaller loss counts over people, for the number of looks, and only where MRR is not lower", () => {
    const person = Array.from({ length: 60 }, (_, row) => Math.floor(row / 3));
    const losses = Float64Array.from(person, (_, row) => 2 + (row % 7) / 10);
    const kept = { losses, mrr: 0.5 };
    const lower = { losses: losses.map((loss, row) => loss - 0.1 - (row % 3) / 100), mrr: 0.5 };
    const look = { looks: 1, seed: 1 };
    expect(isClearlyBetter(lower, kept, person, look)).toBe(true);
    expect(isClearlyBetter({ ...lower, mrr: 0.499 }, kept, person, look)).toBe(false);
    expect(isClearlyBetter(kept, kept, person, look)).toBe(false);
    // Three people in place of twenty: too few for the test.
    const few = person.map((one) => one % 3);
    expect(isClearlyBetter(lower, kept, few, look)).toBe(false);
    const someGain = { losses: losses.map((loss, row) => loss - (person[row]! % 4 === 0 ? -0.1 : 0.1)), mrr: 0.5 };
    expect(isClearlyBetter(someGain, kept, person, look)).toBe(true);
    expect(isClearlyBetter(someGain, kept, person, { ...look, looks: 20 })).toBe(false);
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
