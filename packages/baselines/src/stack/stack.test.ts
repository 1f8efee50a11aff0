import fc from "fast-check";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import {
  decodeMixture,
  encodeMixture,
  expertOfLogits,
  fitMixture,
  fitStack,
  logSoftmax,
  rivalKind,
  type StackExample,
  seenFeatures,
  stackLogProbabilities,
} from "../index.js";
import { stackLoss } from "./fit-stack.js";
import { newton } from "./newton.js";

const nItems = 12;
const none = { items: new Int32Array(0), values: new Float64Array(0) };

/** Queries whose labels are drawn from a stack with these weights over two random experts. */
function drawn(weights: readonly number[], count: number, seed: number): StackExample[] {
  const random = xoroshiro128plus(seed);
  return Array.from({ length: count }, () => {
    const expert = () => logSoftmax(Float64Array.from({ length: nItems }, () => 4 * uniformFloat64(random)));
    const logProbabilities = [expert(), expert()];
    const stack = { experts: ["a", "b"], weights: [...weights, 0, 0, 0], repeats: true };
    const p = stackLogProbabilities(stack, logProbabilities, none, 0);
    let left = uniformFloat64(random);
    let label = 0;
    while (label < nItems - 1 && left > Math.exp(p[label] as number)) left -= Math.exp(p[label++] as number);
    return { logProbabilities, seen: none, last: 0, label };
  });
}

describe("fitStack", () => {
  it("finds the weights that drew the labels", () => {
    const { weights } = fitStack(["a", "b"], drawn([1.2, 0.4], 6000, 3), { l2: 1e-9, repeats: true, seenRule: false });
    expect(weights[0]).toBeCloseTo(1.2, 1);
    expect(weights[1]).toBeCloseTo(0.4, 1);
  });

  it("says what each expert is worth: leaving one out costs, and an idle one costs nothing", () => {
    const { loss, shares } = fitStack(["a", "b"], drawn([1, 0], 3000, 5), { repeats: true, seenRule: false });
    expect((shares[0]?.lossWithout as number) - loss).toBeGreaterThan(0.1);
    expect(Math.abs((shares[1]?.lossWithout as number) - loss)).toBeLessThan(0.002);
  });

  it("is near the exact fit where the normaliser is sampled", () => {
    const examples = drawn([1.2, 0.4], 3000, 7);
    const options = { repeats: true, seenRule: false };
    const exact = fitStack(["a", "b"], examples, options);
    const sampled = fitStack(["a", "b"], examples, { ...options, mostItems: 8, random: xoroshiro128plus(1) });
    for (const i of [0, 1]) expect(sampled.weights[i]).toBeCloseTo(exact.weights[i] as number, 1);
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
    expect(Math.exp(p[1] as number)).toBeGreaterThan(0.3);
    expect(p[2]).toBe(Number.NEGATIVE_INFINITY);
  });

  it("refuses no examples, and another number of experts", () => {
    expect(() => fitStack(["a"], [])).toThrow(/no validation pairs/);
    expect(() => fitStack(["a"], drawn([1, 1], 1, 1))).toThrow(/2 experts/);
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
        return { value: stackLoss(rows, Float64Array.from(weights), [0, 1, 2], gradient, hessian), gradient, hessian };
      };
      const h = 1e-5;
      for (let i = 0; i < 3; i++) {
        const [up, down] = [h, -h].map((step) => of(at.map((w, j) => (i === j ? w + step : w))));
        expect(of(at).gradient[i]).toBeCloseTo(((up?.value as number) - (down?.value as number)) / (2 * h), 8);
        for (let j = 0; j < 3; j++) {
          const slope = ((up?.gradient[j] as number) - (down?.gradient[j] as number)) / (2 * h);
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
  const markov = rivalKind("variable-markov").fit(train, 5, { orders: 1 });
  const expert = { name: "markov-1", rival: markov, logProbabilities: markov.logProbabilities };
  const { mixture } = fitMixture([network, expert], [{ query: [0, 1], support: null, label: 2 }]);
  const scores = mixture.scores([0, 1], null);
  expect(scores.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  const stored = structuredClone(encodeMixture(mixture));
  expect(decodeMixture("mixture", stored, [network]).scores([0, 1], null)).toEqual(scores);
  expect(() => decodeMixture("mixture", stored)).toThrow(/expert markov-1: not stored/);
});
