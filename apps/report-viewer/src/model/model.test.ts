import { describe, expect, it } from "vitest";
import { exampleResults } from "../open/example.js";
import { checkResults, type ViewerResults } from "../open/parse-results.js";
import { meanInterval } from "./bootstrap.js";
import { comparedRows, lengthGroups, pairedInterval } from "./compare.js";
import { fewShotOf, methodsOf, type OpenFile, zeroShotOf } from "./methods.js";
import { metricNames, metricOf } from "./metrics.js";
import { figuresOf, peopleFigures } from "./people.js";
import { gateRates, layerHypothesis, tensorRates } from "./rates.js";

const files = exampleResults().map(
  (results, i): OpenFile => ({ name: `${i}.json`, results: results as ViewerResults }),
);
const place = { split: "test", window: "first" } as const;

describe("metrics", () => {
  it.each(metricNames)("%s is the mean over all orders of the tied block", (name) => {
    for (let higher = 0; higher < 14; higher++) {
      for (let tied = 0; tied < 14; tied++) {
        const exact = { "accuracy@1": 1, "recall@5": 5, "recall@10": 10, "ndcg@10": 10, mrr: 0 }[name];
        let sum = 0;
        for (let rank = higher + 1; rank <= higher + tied + 1; rank++) {
          if (name === "mrr") sum += 1 / rank;
          else if (name === "ndcg@10") sum += rank <= 10 ? 1 / Math.log2(rank + 1) : 0;
          else sum += rank <= exact ? 1 : 0;
        }
        expect(metricOf(name, { higher, tied })).toBeCloseTo(sum / (tied + 1), 12);
      }
    }
  });
});

describe("intervals", () => {
  it("hold the mean, weigh people by their queries, and are always the same", () => {
    const values = Float64Array.from({ length: 80 }, (_, i) => Math.sin(i));
    const weights = Float64Array.from(values, (_, i) => 1 + (i % 3));
    const found = meanInterval(values, weights);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    expect(found.value).toBeCloseTo(values.reduce((sum, value, i) => sum + value * weights[i]!, 0) / total, 12);
    expect(found.low).toBeLessThan(found.value);
    expect(found.high).toBeGreaterThan(found.value);
    expect(meanInterval(values, weights)).toEqual(found);
  });

  it("are about as wide as theory has them: 1.96 standard errors to each side", () => {
    const values = Float64Array.from({ length: 400 }, (_, i) => ((i * 7919) % 1000) / 1000);
    const { low, high } = meanInterval(
      values,
      values.map(() => 1),
    );
    const width = (2 * 1.96 * Math.sqrt(1 / 12)) / Math.sqrt(400);
    expect((high - low) / width).toBeGreaterThan(0.9);
    expect((high - low) / width).toBeLessThan(1.1);
  });
});

describe("methods", () => {
  const seeded = (file: OpenFile, seed: number, extra = {}): OpenFile => ({
    name: `${file.name} ${seed}`,
    results: { ...file.results, config: { ...file.results.config, seed, ...extra } },
  });

  it("are seeds of one setting; another setting is another method, and says how", () => {
    const [gru, sgd] = files as [OpenFile, OpenFile];
    const found = methodsOf([gru, seeded(sgd, 1), seeded(sgd, 2), seeded(sgd, 1, { K: 3 })]);
    expect(found.map((method) => method.files.length)).toEqual([1, 2, 1]);
    expect(found.map((method) => method.title)).toEqual(["Plain GRU", "Meta-SGD (K –)", "Meta-SGD (K 3)"]);
  });

  it("few-shot is after the method's own steps, zero-shot without", () => {
    expect(fewShotOf(files[1]!, place)?.steps).toBe(5);
    expect(zeroShotOf(files[1]!, place)?.steps).toBe(0);
    expect(fewShotOf(files[0]!, place)).toBe(zeroShotOf(files[0]!, place));
  });

  it("compare by person: a seed more of the same narrows nothing", () => {
    const [gru, sgd] = methodsOf(files);
    const rows = comparedRows([gru!, sgd!], place, "accuracy@1", gru);
    const row = rows.find(({ method }) => method === sgd)!;
    expect(row.few.value).toBeCloseTo(fewShotOf(files[1]!, place)!.metrics["accuracy@1"].value, 12);
    expect(row.difference!.value).toBeCloseTo(row.few.value - rows.find(({ method }) => method === gru)!.few.value, 12);
    const twice = methodsOf([seeded(files[1]!, 1), seeded(files[1]!, 2)])[0]!;
    const [a, b] = [twice, gru!].map((method) => peopleFigures(method, place, "accuracy@1", "few")!);
    expect(pairedInterval(a!, b!)).toEqual(row.difference);
  });

  it("of other people are not paired", () => {
    const [a, b] = files.map((file) => figuresOf([fewShotOf(file, place)!], "mrr"));
    expect(pairedInterval(a!, { ...b!, users: [...b!.users].reverse() })).toBeNull();
  });

  it("history lengths fall into groups that hold everybody once", () => {
    const lengths = Array.from({ length: 97 }, (_, i) => 5 + ((i * i) % 40));
    const groups = lengthGroups(lengths);
    for (const length of lengths) {
      expect(groups.filter(({ counts }) => counts({ label: 0, seen: false, higher: 0, tied: 0 }, length))).toHaveLength(
        1,
      );
    }
    expect(lengthGroups([5, 5, 5])).toHaveLength(1);
  });
});

describe("rates", () => {
  it("per gate are the rows' thirds, counted into the file's own bins", () => {
    const gates = gateRates(files[1]!);
    expect(gates.map(({ name }) => name)).toEqual([
      "weight_hh_l0, r (reset)",
      "weight_hh_l0, z (update)",
      "weight_hh_l0, n (candidate)",
    ]);
    const { matrix } = files[1]!.results.alpha["gru.weight_hh_l0"]!;
    expect(gates[0]!.mean).toBeCloseTo(
      matrix!
        .slice(0, 8)
        .flat()
        .reduce((a, b) => a + b, 0) / 64,
      12,
    );
    expect(gates[1]!.counts.reduce((a, b) => a + b, 0)).toBe(64);
  });

  it("answer the notebook's hypothesis", () => {
    expect(layerHypothesis(files[1]!)).toMatch(
      /So it is: embeddings .* then the output layer .* then the GRU's hidden weights/,
    );
    expect(layerHypothesis(files[0]!)).toBeNull();
    expect(tensorRates(files[1]!)).toHaveLength(3);
  });
});

it("the built-in example is a results file", () => {
  for (const result of exampleResults()) expect(checkResults("example", result)).toMatchObject({ ok: true });
});
