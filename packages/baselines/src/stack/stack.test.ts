import fc from "fast-check";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import {
  countModelKind,
  decodeMixture,
  encodeMixture,
  expertOfLogits,
  fitMixture,
  fitStack,
  logSoftmax,
  openMixture,
  type StackExample,
  seenFeatures,
  stackLogProbabilities,
} from "../index.js";
import { chooseExpert } from "./choose-expert.js";
import { eliminateExperts } from "./eliminate-experts.js";
import { fitRows } from "./fit-stack.js";
import { newton } from "./newton.js";
import { penalisedLoss } from "./stack-loss.js";
import { stackRow } from "./stack-rows.js";

const nItems = 12;
const none = { items: new Int32Array(0), values: new Float64Array(0) };

/** Queries whose labels are drawn from a stack with these weights over random experts. */
function drawn(weights: readonly number[], count: number, seed: number): StackExample[] {
  const random = xoroshiro128plus(seed);
  return Array.from({ length: count }, () => {
    const expert = () => logSoftmax(Float64Array.from({ length: nItems }, () => 4 * uniformFloat64(random)));
    const logProbabilities = weights.map(expert);
    const stack = { experts: weights.map(String), weights: [...weights, 0, 0, 0], repeats: true };
    const p = stackLogProbabilities(stack, logProbabilities, none, 0);
    let left = uniformFloat64(random);
    let label = 0;
    while (label < nItems - 1 && left > Math.exp(p[label]!)) left -= Math.exp(p[label++]!);
    return { logProbabilities, seen: none, last: 0, label };
  });
}

describe("fitStack", () => {
  it("finds the weights that drew the labels", () => {
    const { weights } = fitStack(["a", "b"], drawn([1.2, 0.4], 6000, 3), { l2: 1e-9, repeats: true, seenRule: false });
    expect(weights[0]).toBeCloseTo(1.2, 1);
    expect(weights[1]).toBeCloseTo(0.4, 1);
  });

  it("reports the value of each expert: the loss increases without a useful one, and not without a useless one", () => {
    const { loss, shares } = fitStack(["a", "b"], drawn([1, 0], 3000, 5), { repeats: true, seenRule: false });
    expect((shares[0]?.lossWithout as number) - loss).toBeGreaterThan(0.1);
    expect(Math.abs((shares[1]?.lossWithout as number) - loss)).toBeLessThan(0.002);
  });

  it("is near the exact fit where the normaliser is sampled", () => {
    const examples = drawn([1.2, 0.4], 3000, 7);
    const options = { repeats: true, seenRule: false };
    const exact = fitStack(["a", "b"], examples, options);
    const sampled = fitStack(["a", "b"], examples, { ...options, mostItems: 8, random: xoroshiro128plus(1) });
    for (const i of [0, 1]) expect(sampled.weights[i]).toBeCloseTo(exact.weights[i]!, 1);
    expect(() => fitStack(["a", "b"], examples, { ...options, mostItems: 8 })).toThrow(/random/);
  });

  it("learns that people come back, or that they do not", () => {
    const flat = new Float64Array(nItems).fill(-Math.log(nItems));
    const examples = Array.from({ length: 50 }, (_, i) => ({
      ...{ logProbabilities: [flat], seen: seenFeatures([1, 2], null), last: 2 },
      label: i % 2 === 0 ? 1 : 3 + (i % 9),
    }));
    const { weights } = fitStack(["flat"], examples);
    const p = stackLogProbabilities(
      { experts: ["flat"], weights, repeats: false },
      [flat],
      seenFeatures([1, 2], null),
      2,
    );
    expect(Math.exp(p[1]!)).toBeGreaterThan(0.3);
    expect(p[2]).toBe(Number.NEGATIVE_INFINITY);
  });

  it("refuses no examples, and another number of experts", () => {
    expect(() => fitStack(["a"], [])).toThrow(/no validation pairs/);
    expect(() => fitStack(["a"], drawn([1, 1], 1, 1))).toThrow(/2 experts/);
  });
});

describe("chooseExpert", () => {
  const examples = drawn([1.2, 0.4], 400, 11);
  const rows = examples.map((example) => stackRow(["a", "b"], example, { repeats: true }));
  const options = { repeats: true, seenRule: false };

  it("takes the expert with the better prediction of held-out people, and reports the figure of the others without one", () => {
    const { chosen, tried } = chooseExpert(
      ["a", "b"],
      ["b", "a"],
      rows,
      rows.map((_, i) => i >> 2),
      options,
    );
    expect(chosen).toBe("a");
    expect(tried.map(({ name }) => name)).toEqual([null, "b", "a"]);
    const [none, b, a] = tried.map(({ loss }) => loss) as [number, number, number];
    expect(none).toBeCloseTo(Math.log(nItems), 12);
    expect(a).toBeLessThan(b);
    expect(tried[2]!.mrr).toBeGreaterThan(tried[1]!.mrr);
  });

  it("tries candidates on top of the experts `among`, and of no other", () => {
    const person = rows.map((_, i) => i >> 2);
    const over = (among: string[]) => chooseExpert(["a", "b"], ["b"], rows, person, { ...options, among }).tried;
    expect(over(["a"])).toEqual(chooseExpert(["a", "b"], ["b"], rows, person, options).tried);
    const [none, b] = over([]);
    expect(none!.loss).toBeCloseTo(Math.log(nItems), 12);
    expect(b!.loss).toBeGreaterThan(over(["a"])[1]!.loss);
  });

  it("predicts each person by weights that were fitted without them: an expert that knows the labels of half the people has little value", () => {
    // 40 people of 5 queries; "spy" is constant except for the first fold's people, whose labels it knows.
    const person = rows.slice(0, 200).map((_, i) => Math.floor(i / 5));
    const spying = examples.slice(0, 200).map((example, i) => {
      const knows = person[i]! % 2 === 0;
      const spy = logSoftmax(
        Float64Array.from({ length: nItems }, (_, item) => (knows && item === example.label ? 8 : 0)),
      );
      return stackRow(["a", "spy"], { ...example, logProbabilities: [example.logProbabilities[0]!, spy] }, options);
    });
    const { tried } = chooseExpert(["a", "spy"], ["spy"], spying, person, { ...options, folds: 2 });
    const fitted = fitRows(["a", "spy"], spying, options);
    // With two folds, one half of the weights trusts the spy; the other half has never seen it help.
    expect(fitted.loss).toBeLessThan(tried[1]!.loss - 0.2);
  });
});

describe("eliminateExperts", () => {
  const experts = ["useful", "useless", "small", "copy", "useless too"];
  const rows = drawn([1.2, 0, 0.3, 0, 0], 3000, 13).map((example) => {
    const [useful, ...others] = example.logProbabilities;
    const logProbabilities = [useful!, others[0]!, others[1]!, useful!, others[3]!];
    return stackRow(experts, { ...example, logProbabilities }, { repeats: true });
  });
  const options = { repeats: true, seenRule: false, withShares: false };
  const lossOf = (among: readonly string[]) => fitRows(experts, rows, { ...options, among }).loss;
  const eliminate = (candidates: string[], mostGrowth: number, among?: string[]) =>
    eliminateExperts(experts, rows, { candidates, mostGrowth, seenRule: false, ...(among && { among }) });

  it("leaves out the experts without value, and one of two equal ones, and reports the loss after each", () => {
    const { kept, leftOut } = eliminate(experts, 0.002);
    expect(kept.length).toBe(2);
    expect(kept).toContain("small");
    expect(kept.includes("useful")).not.toBe(kept.includes("copy"));
    let left: readonly string[] = experts;
    for (const { name, loss } of leftOut) {
      const before = lossOf(left);
      left = left.filter((other) => other !== name);
      expect(loss).toBeCloseTo(lossOf(left), 9);
      expect(loss).toBeLessThanOrEqual(before + 0.002);
    }
    expect(left).toEqual(kept);
  });

  it("leaves out more where the loss may grow more by each", () => {
    const growth = lossOf(["useful"]) - lossOf(["useful", "small"]);
    expect(eliminate(experts, growth + 1e-6).kept.length).toBe(1);
    expect(eliminate(experts, growth - 1e-6).kept.length).toBe(2);
    expect(eliminate(experts, 0).leftOut.map(({ name }) => name)).not.toContain("small");
  });

  it("measures each candidate, also after one that is needed, and refuses no rows", () => {
    // The estimate is least for one of the two, and both are measured: no candidate within the limit stays.
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
        const own = drawn([0.5, 0.5, 0.5], 60, seed).map((example) =>
          stackRow(["a", "b", "c"], example, { repeats: true }),
        );
        const loss = (among: string[]) => fitRows(["a", "b", "c"], own, { ...options, among }).loss;
        const growths = [loss(["b", "c"]), loss(["a", "c"])].map((without) => without - loss(["a", "b", "c"]));
        const mostGrowth = (growths[0]! + growths[1]!) / 2;
        const { leftOut } = eliminateExperts(["a", "b", "c"], own, {
          candidates: ["a", "b"],
          mostGrowth,
          seenRule: false,
        });
        expect(leftOut.length).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 100 },
    );
    expect(() => eliminateExperts(["a"], [], { candidates: ["a"], mostGrowth: 1 })).toThrow(/no validation pairs/);
  });

  it("takes only candidates, and keeps an expert", () => {
    expect(eliminate(["useless", "useless too"], 9).kept).toEqual(["useful", "small", "copy"]);
    expect(eliminate(experts, 9).kept).toHaveLength(1);
    expect(eliminate(["useful"], 9, ["useful", "copy"]).kept).toEqual(["copy"]);
  });
});

it("the loss's gradient and Hessian are those of finite differences", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }), (at) => {
      const random = xoroshiro128plus(9);
      const rows = Array.from({ length: 4 }, (_, label) => ({
        features: Float64Array.from({ length: 15 }, () => uniformFloat64(random) - 0.5),
        logCount: Float64Array.of(0, 0, 0, 1, 1),
        label,
      }));
      const of = (weights: number[]) => {
        const gradient = new Float64Array(3);
        const hessian = new Float64Array(9);
        return { value: penalisedLoss(rows, Float64Array.from(weights), 0.1, gradient, hessian), gradient, hessian };
      };
      type Loss = ReturnType<typeof of>;
      const h = 1e-5;
      for (let i = 0; i < 3; i++) {
        const [up, down] = [h, -h].map((step) => of(at.map((w, j) => (i === j ? w + step : w)))) as [Loss, Loss];
        expect(of(at).gradient[i]).toBeCloseTo((up.value - down.value) / (2 * h), 8);
        for (let j = 0; j < 3; j++) {
          const slope = (up.gradient[j]! - down.gradient[j]!) / (2 * h);
          expect(of(at).hessian[3 * i + j]).toBeCloseTo(slope, 7);
        }
      }
    }),
    { numRuns: 20 },
  );
});

it("Newton's method ends at the minimum of a function that it must damp", () => {
  // √(1 + x²) + y²: an undamped step from x = 3 diverges.
  const { at, iterations } = newton(
    ([x, y], gradient, hessian) => {
      const root = Math.sqrt(1 + (x as number) ** 2);
      gradient.set([(x as number) / root, 2 * (y as number)]);
      hessian.set([1 / root ** 3, 0, 0, 2]);
      return root + (y as number) ** 2;
    },
    Float64Array.of(3, 1),
  );
  expect(at[0]).toBeCloseTo(0, 8);
  expect(at[1]).toBeCloseTo(0, 8);
  expect(iterations).toBeLessThan(20);
});

it("seen features: age counts events from the end, count all of them", () => {
  const { items, values } = seenFeatures([1, 2, 1, 3], null);
  expect([...items]).toEqual([3, 1, 2]);
  expect([...values]).toEqual([1, 1, Math.log(2), 1, 1 / 2, Math.log(3), 1, 1 / 3, Math.log(2)]);
});

it("a mixture is stored with its experts, a network among them, and scores to the bit as before", () => {
  const train = {
    ...{ length: 3, pairId: Int32Array.of(0, 1, 2), users: ["ada"], user: new Int32Array(3), sessions: ["s"] },
    ...{ session: new Int32Array(3), prefixOffsets: Int32Array.of(0, 1, 3, 6), label: Int32Array.of(1, 2, 3) },
    ...{ prefixItems: Int32Array.of(0, 0, 1, 0, 1, 2), labelTime: Float64Array.of(1, 2, 3) },
  };
  const network = expertOfLogits("gru", (query) => Float64Array.from({ length: 5 }, (_, i) => i * query.length));
  const markov = countModelKind("variable-markov").fit(train, 5, { orders: 1 });
  const expert = { name: "markov-1", countModel: markov, logProbabilities: markov.logProbabilities };
  const { mixture } = fitMixture([network, expert], [{ query: [0, 1], support: null, label: 2 }]);
  const scores = mixture.scores([0, 1], null);
  expect(scores.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  const stored = structuredClone(encodeMixture(mixture));
  expect(decodeMixture("mixture", stored, [network]).scores([0, 1], null)).toEqual(scores);
  expect(() => decodeMixture("mixture", stored).scores([0, 1], null)).toThrow(
    /log-probabilities of 1\. Expected 2: gru, markov-1/,
  );
  const given = openMixture("mixture", [expert], { ...mixture.stack, experts: ["markov-1", "gru"] });
  const twice = decodeMixture("mixture", structuredClone(encodeMixture(given)));
  const own = network.logProbabilities([0, 1], null);
  expect(twice.scores([0, 1], null, [own])).toEqual(given.scores([0, 1], null, [own]));
  expect(twice.scores([0, 1], null, [own])).not.toEqual(scores);
  expect(() => decodeMixture("mixture", { ...encodeMixture(given), stack: { ...given.stack, experts: [] } })).toThrow(
    /1 stored\. Expected at most 0/,
  );
});
