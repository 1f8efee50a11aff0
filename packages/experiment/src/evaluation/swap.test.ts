import { type DataSet, metricNames } from "@kshot/contract";
import { swap as swapSchema } from "@kshot/contract/schemas";
import { episodeSupport } from "@kshot/episodes";
import { randomStream } from "@kshot/metrics";
import { beforeAll, describe, expect, it } from "vitest";
import { recorded, temporaryFolder, tinyCampus } from "../../test/tiny.js";
import { countingScorer, evaluate, evaluateSwap, evaluateSwaps, pairsOfOthers } from "./index.js";

const folder = temporaryFolder();
let data: DataSet;
beforeAll(async () => {
  ({ data } = await tinyCampus(folder));
});

const plan = { split: "test", window: "first", steps: 0, draws: 3 } as const;

describe("the swap", () => {
  it("loses nothing where the pairs are not read", async () => {
    const scorer = countingScorer({ scores: () => data.items.map((_, i) => i) }, data.items.length);
    const found = await evaluateSwap(scorer, data, plan, { seed: 1 });
    for (const name of metricNames) expect(found?.lost[name]).toEqual({ value: 0, low: 0, high: 0 });
  });

  it("loses all of it where a scorer knows a person by their own pairs alone", async () => {
    const { pairs, windows } = data.test;
    const own = Array.from({ length: windows.first.length }, (_, e) => episodeSupport(pairs, windows.first, e));
    const known = new Set(
      own.map(({ sequences, labels }) =>
        JSON.stringify([sequences.map((s) => [...Array.from(s)]), [...Array.from(labels)]]),
      ),
    );
    // Knows every answer if it gets a whole unchanged set of one person's pairs, and otherwise nothing.
    const labels = new Map<string, Set<number>>();
    const scorer = countingScorer(
      {
        scores: (query, support) => {
          const key = JSON.stringify([
            support?.sequences.map((s) => [...Array.from(s)]),
            [...Array.from(support?.labels ?? [])],
          ]);
          const answers = known.has(key) ? (labels.get(JSON.stringify(Array.from(query))) ?? new Set()) : new Set();
          return data.items.map((_, i) => (answers.has(i) ? 1 : 0));
        },
      },
      data.items.length,
    );
    for (let row = 0; row < pairs.length; row++) {
      const query = JSON.stringify(
        Array.from(pairs.prefixItems.subarray(pairs.prefixOffsets[row], pairs.prefixOffsets[row + 1])),
      );
      labels.set(query, (labels.get(query) ?? new Set()).add(pairs.label[row]!));
    }
    const found = await evaluateSwap(scorer, data, plan, { seed: 1 });
    expect(found!.lost.mrr.low).toBeGreaterThan(0.3);
    const { own: mine, others, queries } = found!.people;
    const mean = (list: readonly number[]) =>
      list.reduce((sum, value, p) => sum + value * queries[p]!, 0) / queries.reduce((a, b) => a + b);
    expect(found!.lost.mrr.value).toBeCloseTo(mean(mine.mrr) - mean(others.mrr), 12);
    expect(swapSchema.parse(JSON.parse(JSON.stringify(found)))).toEqual(found);
  });

  it("takes every pair from another person, and is the same for the same seed", () => {
    const { pairs, windows } = data.test;
    const episodes = windows.first;
    const key = (sequence: ArrayLike<number>, label: number) => `${Array.from(sequence).join()} ${label}`;
    const draw = (seed: number) => pairsOfOthers(pairs, episodes, 4, 10, randomStream(seed, "swap"));
    const whose = (k: number) => {
      const others = Array.from({ length: episodes.length }, (_, e) => e).filter((e) => e !== 4);
      return others.filter((e) => {
        const { sequences, labels } = episodeSupport(pairs, episodes, e);
        return sequences.some(
          (sequence, i) => key(sequence, labels[i]!) === key(draw(1).sequences[k]!, draw(1).labels[k]!),
        );
      });
    };
    expect(episodes.length).toBeGreaterThan(4);
    for (let k = 0; k < 10; k++) expect(whose(k).length).toBeGreaterThan(0);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it("of some people is that of evenly spaced ones, with the pairs of all others, and says how many there are", async () => {
    const { length } = data.test.windows.first;
    expect(length).toBeGreaterThan(4);
    const scorer = countingScorer(
      {
        scores: (query, support) =>
          data.items.map((_, i) => ((i + query.length) * (1 + (support?.labels[0] ?? 0))) % 7),
      },
      data.items.length,
    );
    const asked: number[] = [];
    const all = await evaluateSwap(scorer, data, { ...plan, draws: 1 }, { seed: 1 });
    const some = await evaluateSwap(
      scorer,
      data,
      { ...plan, draws: 1, mostPeople: 3 },
      { seed: 1, onPeople: (people) => asked.push(people) },
    );
    const rows = [0, Math.floor(length / 3), Math.floor((2 * length) / 3)];
    expect(all!.of).toBeUndefined();
    expect(some!.of).toBe(length);
    expect(some!.people.user).toEqual(rows.map((row) => all!.people.user[row]));
    expect(some!.people.own.mrr).toEqual(rows.map((row) => all!.people.own.mrr[row]));
    expect(asked.reduce((sum, people) => sum + people)).toBe(6);
    expect(swapSchema.parse(JSON.parse(JSON.stringify(some)))).toEqual(some);
  });

  it("does not rank the own pairs again that an evaluation has", async () => {
    const scorer = countingScorer(
      { scores: (_, support) => data.items.map((__, i) => (i * (1 + (support?.labels[0] ?? 0))) % 7) },
      data.items.length,
    );
    const place = { split: "test", windows: ["first"], steps: 0, draws: 1 } as const;
    const evaluations = await evaluate(scorer, {
      ...{ data, seed: 1 },
      plan: { ...place, steps: [0], supports: [0, data.k] },
    });
    const swaps = async (known: typeof evaluations) => {
      const { events, progress } = recorded();
      const found = await evaluateSwaps(
        scorer,
        data,
        { ...place, evaluations: known },
        { seed: 1, progress, stage: "A" },
      );
      return { found, events };
    };
    const [again, known] = [await swaps([]), await swaps(evaluations)];
    expect(known.found).toEqual(again.found);
    const { length } = data.test.windows.first;
    expect(again.events[0]).toMatchObject({ total: 2 * length });
    expect(known.events[0]).toMatchObject({ total: length });
    expect(known.events.at(-1)).toMatchObject({ done: length });
  });

  it("reports its progress", async () => {
    const scorer = countingScorer({ scores: () => data.items.map(() => 0) }, data.items.length);
    const { events, progress } = recorded();
    await evaluateSwaps(
      scorer,
      data,
      { split: "val", windows: ["first"], steps: 0 },
      { seed: 1, progress, stage: "A" },
    );
    const total = 6 * data.val.windows.first.length;
    expect(events[0]).toEqual({ type: "stage", stage: "A, with others' pairs", total, unit: "person" });
    expect(events.at(-1)).toMatchObject({ type: "step", done: total });
  });
});
