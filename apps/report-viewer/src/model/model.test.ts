import { algorithmNames } from "@kshot/contract";
import { describe, expect, it } from "vitest";
import { exampleResults } from "../open/example.js";
import { checkResults, type ViewerResults } from "../open/parse-results.js";
import { curvesOf } from "./adaptation-curves.js";
import { meanInterval } from "./bootstrap.js";
import { comparedRows, lengthGroups, pairedInterval } from "./compare.js";
import { methodDefinitions, tensorDefinition } from "./definitions.js";
import { fewShotOf, methodsOf, type OpenFile, zeroShotOf } from "./methods.js";
import { metricNames, metricOf } from "./metrics.js";
import { figuresOf, peopleFigures } from "./people.js";
import { fixedRate, gateRates, layerHypothesis, tensorRates } from "./rates.js";
import { overSeeds } from "./seed-bands.js";
import { longestSmoothing, smooth } from "./smoothing.js";

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

  it("say settings in words", () => {
    const [, sgd] = files as [OpenFile, OpenFile];
    const steps = (num_inner_steps: number) => seeded(sgd, 1, { metasgd_config: { num_inner_steps } });
    expect(methodsOf([steps(1), steps(5)]).map((method) => method.title)).toEqual([
      "Meta-SGD (1 inner step)",
      "Meta-SGD (5 inner steps)",
    ]);
    const hidden = (hidden_dim: number) => seeded(sgd, 1, { gru_config: { hidden_dim } });
    expect(methodsOf([hidden(32), hidden(64)])[1]!.title).toBe("Meta-SGD (hidden dim 64)");
  });

  describe("of one model told of by two files: its training, and a curve of kshot evaluate", () => {
    const [, sgd] = files as [OpenFile, OpenFile];
    const entry = sgd.results.evaluations[0]!;
    const curve: OpenFile = {
      name: "curve.json",
      results: {
        ...sgd.results,
        config: { ...sgd.results.config, workers: 2, run_tag: "another" },
        evaluations: [
          { ...entry, steps: 50, people: { ...entry.people, top: undefined, history: undefined } },
          { ...entry, k: 2, steps: 5 },
          entry,
        ],
        history: { iteration: [], metaLoss: [], validation: [], alpha: {} },
        test: { opened: 3 },
        volatile: { ...sgd.results.volatile, createdAt: "2026-02-02", secondsPerIteration: [] },
      },
    };
    it.each([
      ["training first", [sgd, curve]],
      ["curve first", [curve, sgd]],
    ])("are one: %s", (_, list) => {
      const [method, ...others] = methodsOf([files[0]!, ...list]).slice(1);
      expect(others).toEqual([]);
      expect(method!.files).toHaveLength(1);
      const [file] = method!.files;
      expect(file!.results.history).toBe(sgd.results.history);
      expect(file!.results.volatile.secondsPerIteration).toHaveLength(60);
      expect(file!.results.evaluations).toHaveLength(sgd.results.evaluations.length + 2);
      expect(file!.results.test.opened).toBe(3);
      expect(file!.parts).toHaveLength(2);
      const [steps] = curvesOf(method!, "steps", place, "accuracy@1");
      expect(steps!.x).toEqual([0, 1, 2, 3, 4, 5, 50]);
      expect(curvesOf(method!, "k", place, "accuracy@1")[0]!.x).toEqual([0, 2, 5]);
    });

    it("are two where their seeds or their models' fingerprints differ", () => {
      expect(methodsOf([sgd, seeded(curve, 7)])[0]!.files).toHaveLength(2);
      const printed = (file: OpenFile, sha256: string): OpenFile => ({
        ...file,
        results: { ...file.results, model: { sha256 } },
      });
      expect(methodsOf([printed(sgd, "a"), printed(curve, "b")])[0]!.files).toHaveLength(2);
      expect(methodsOf([printed(sgd, "a"), printed(curve, "a")])[0]!.files).toHaveLength(1);
    });

    it("a seed evaluated further than the others is drawn by itself", () => {
      const [method] = methodsOf([sgd, curve, seeded(sgd, 43)]);
      const found = curvesOf(method!, "steps", place, "accuracy@1");
      expect(found.map(({ title, x }) => [title, x.at(-1)])).toEqual([
        ["Meta-SGD", 5],
        ["Meta-SGD, seed 42", 50],
      ]);
    });
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

  it("a ceiling stands after all others, however high", () => {
    const ideal: OpenFile = { ...files[1]!, results: { ...files[1]!.results, algorithm: "ideal" } };
    const rows = comparedRows(methodsOf([ideal, ...files]), place, "accuracy@1", undefined);
    expect(rows.map(({ method }) => method.algorithm)).toEqual(["meta-sgd", "gru", "ideal"]);
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

  /** The example with every rate changed. */
  const withRates = (of: (rate: number, name: string) => number, course: (value: number) => number): OpenFile => {
    const { alpha, history } = files[1]!.results;
    const entries = Object.entries(alpha).map(([name, own]) => [
      name,
      { ...own, matrix: own.matrix!.map((row) => row.map((rate) => of(rate, name))) },
    ]);
    const moved = Object.entries(history.alpha).map(([name, own]) => [
      name,
      { ...own, min: own.min.map(course), max: own.max.map(course) },
    ]);
    return {
      ...files[1]!,
      results: {
        ...files[1]!.results,
        alpha: Object.fromEntries(entries),
        history: { ...history, alpha: Object.fromEntries(moved) },
      },
    };
  };

  it("that are one fixed number were not learned, whatever rounding does to them", () => {
    const fixed = withRates(
      () => Math.fround(0.05),
      () => 0.05,
    );
    expect(fixedRate(fixed)).toBeCloseTo(0.05, 8);
    expect(layerHypothesis(fixed)).toBeNull();
    expect(fixedRate(files[1]!)).toBeNull();
    // One rate for all that has moved from its start was learned.
    expect(
      fixedRate(
        withRates(
          () => 0.2,
          () => 0.2,
        ),
      ),
    ).toBeNull();
  });

  it("have no order where they are as good as the same", () => {
    const near = withRates(
      (_, name) => (name.startsWith("fc") ? 0.1001 : 0.1),
      (value) => value,
    );
    expect(layerHypothesis(near)).toMatch(/It is not so: the output layer .*, about as fast embeddings/);
  });
});

it("smoothing takes a fifth of the log entries at most, and an odd number of them", () => {
  expect([1, 9, 11, 20, 60, 1000].map(longestSmoothing)).toEqual([1, 1, 1, 3, 11, 51]);
  expect(smooth([0, 3, 0, 3], 3)).toEqual([1.5, 1, 2, 1.5]);
});

it("seeds make a band where all were logged; a file without a history takes nothing away", () => {
  const results = files[1]!.results;
  const none = { ...results, history: { ...results.history, iteration: [], metaLoss: [] } };
  const loss = ({ history }: ViewerResults) => history.metaLoss.map((y, i) => [history.iteration[i]!, y] as const);
  const curve = overSeeds(
    [none, results].map((own, i) => ({ name: String(i), results: own })),
    loss,
  );
  expect(curve.y).toEqual(results.history.metaLoss);
  expect(overSeeds([files[1]!, files[1]!], loss).low).toEqual(results.history.metaLoss);
});

it("every algorithm has a definition", () => {
  expect(algorithmNames.filter((name) => methodDefinitions[name] === undefined)).toEqual([]);
  expect(Object.keys(files[1]!.results.alpha).filter((name) => tensorDefinition(name) === undefined)).toEqual([]);
});

it("the built-in example is a results file", () => {
  for (const result of exampleResults()) expect(checkResults("example", result)).toMatchObject({ ok: true });
});
