import {
  type ComparableResults,
  compareWindow,
  fewShotOf,
  fixedRate,
  methodsOf,
  type NamedResults,
  rateFinding,
} from "@kshot/comparison";
import { algorithmNames } from "@kshot/contract";
import { describe, expect, it } from "vitest";
import { exampleResults } from "../open/example.js";
import { checkResults } from "../open/parse-results.js";
import { curvesOf } from "./adaptation-curves.js";
import { comparisonRows } from "./comparison-rows.js";
import { methodDefinition, tensorDefinition } from "./definitions.js";
import { gateRates, rateDistributions } from "./rates.js";
import { overSeeds } from "./seed-bands.js";
import { longestSmoothing, smooth } from "./smoothing.js";

const files = exampleResults().map(
  (results, i): NamedResults => ({ name: `${i}.json`, results: results as ComparableResults }),
);
const place = { split: "test", window: "first" } as const;

describe("methods", () => {
  const seeded = (file: NamedResults, seed: number, extra = {}): NamedResults => ({
    name: `${file.name} ${seed}`,
    results: { ...file.results, config: { ...file.results.config, seed, ...extra } },
  });

  it("are seeds of one setting; another setting is another method, and says how", () => {
    const [gru, sgd] = files as [NamedResults, NamedResults];
    const found = methodsOf([gru, seeded(sgd, 1), seeded(sgd, 2), { ...sgd, results: { ...sgd.results, k: 3 } }]);
    expect(found.map((method) => method.files.length)).toEqual([1, 2, 1]);
    expect(found.map((method) => method.title)).toEqual(["Plain GRU", "Meta-SGD (K 5)", "Meta-SGD (K 3)"]);
  });

  it("say settings in words", () => {
    const [, sgd] = files as [NamedResults, NamedResults];
    const steps = (num_inner_steps: number) => seeded(sgd, 1, { metasgd_config: { num_inner_steps } });
    expect(methodsOf([steps(1), steps(5)]).map((method) => method.title)).toEqual([
      "Meta-SGD (1 inner step)",
      "Meta-SGD (5 inner steps)",
    ]);
    const hidden = (hidden_dim: number) => seeded(sgd, 1, { gru_config: { hidden_dim } });
    expect(methodsOf([hidden(32), hidden(64)])[1]!.title).toBe("Meta-SGD (hidden dim 64)");
  });

  describe("of one model in two files: its training, and a curve of kshot evaluate", () => {
    const [, sgd] = files as [NamedResults, NamedResults];
    const entry = sgd.results.evaluations[0]!;
    const curve: NamedResults = {
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
      const printed = (file: NamedResults, sha256: string): NamedResults => ({
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

  it("another seed of the same people makes no interval narrower", () => {
    const [gru, sgd] = methodsOf(files);
    const of = (methods: readonly NonNullable<typeof gru>[]) =>
      compareWindow(methods, gru, place, { metrics: ["accuracy@1"], metric: "accuracy@1" })!;
    const [, once] = of([gru!, sgd!]).methods;
    const twice = methodsOf([seeded(files[1]!, 1), seeded(files[1]!, 2)])[0]!;
    const [, more] = of([gru!, twice]).methods;
    expect(once!.fewShot["accuracy@1"].value).toBeCloseTo(
      fewShotOf(files[1]!.results, place)!.metrics["accuracy@1"].value,
      12,
    );
    expect(more).toBeDefined();
    expect(more!.fewShot["accuracy@1"].value).toBe(once!.fewShot["accuracy@1"].value);
  });

  it("a bound comes after all others, for any value", () => {
    const ideal: NamedResults = { ...files[1]!, results: { ...files[1]!.results, algorithm: "ideal" } };
    const methods = methodsOf([ideal, ...files]);
    const compared = compareWindow(methods, undefined, place, { metrics: ["mrr"], metric: "mrr" })!;
    expect(comparisonRows(compared, methods, "mrr").map(({ algorithm }) => algorithm)).toEqual([
      "meta-sgd",
      "gru",
      "ideal",
    ]);
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

  it("have the expected order in the example", () => {
    expect(rateFinding(files[1]!.results)).toMatch(
      /first: the item embeddings .* then the output layer .* then the GRU's hidden weights .* holds\.$/,
    );
    expect(rateFinding(files[0]!.results)).toBeNull();
    expect(rateDistributions(files[1]!)).toHaveLength(3);
  });

  /** The example with every rate changed. */
  const withRates = (of: (rate: number, name: string) => number, course: (value: number) => number): NamedResults => {
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

  it("that are one fixed number were not learned, also with rounding errors", () => {
    const fixed = withRates(
      () => Math.fround(0.05),
      () => 0.05,
    );
    expect(fixedRate(fixed.results)).toBeCloseTo(0.05, 8);
    expect(rateFinding(fixed.results)).toBeNull();
    expect(fixedRate(files[1]!.results)).toBeNull();
    // One rate for all that has moved from its start was learned.
    expect(
      fixedRate(
        withRates(
          () => 0.2,
          () => 0.2,
        ).results,
      ),
    ).toBeNull();
  });

  it("have no order if they are almost equal", () => {
    const near = withRates(
      (_, name) => (name.startsWith("fc") ? 0.1001 : 0.1),
      (value) => value,
    );
    expect(rateFinding(near.results)).toMatch(
      /first: the output layer .* and, about as fast, the item embeddings .* does not hold/,
    );
  });
});

it("smoothing takes a fifth of the log entries at most, and an odd number of them", () => {
  expect([1, 9, 11, 20, 60, 1000].map(longestSmoothing)).toEqual([1, 1, 1, 3, 11, 51]);
  expect(smooth([0, 3, 0, 3], 3)).toEqual([1.5, 1, 2, 1.5]);
});

it("seeds make a band where all were logged; a file without a history changes nothing", () => {
  const results = files[1]!.results;
  const none = { ...results, history: { ...results.history, iteration: [], metaLoss: [] } };
  const loss = ({ history }: ComparableResults) => history.metaLoss.map((y, i) => [history.iteration[i]!, y] as const);
  const curve = overSeeds(
    [none, results].map((own, i) => ({ name: String(i), results: own })),
    loss,
  );
  expect(curve.y).toEqual(results.history.metaLoss);
  expect(overSeeds([files[1]!, files[1]!], loss).low).toEqual(results.history.metaLoss);
});

it("every algorithm has a definition", () => {
  expect(algorithmNames.filter((name) => methodDefinition(name) === undefined)).toEqual([]);
  expect(methodDefinition("constructor")).toBeUndefined();
  expect(Object.keys(files[1]!.results.alpha).filter((name) => tensorDefinition(name) === undefined)).toEqual([]);
});

it("the built-in example is a results file", () => {
  for (const result of exampleResults()) expect(checkResults("example", result)).toMatchObject({ ok: true });
});
