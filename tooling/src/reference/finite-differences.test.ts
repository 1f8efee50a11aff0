import fc from "fast-check";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { relativeError } from "./golden-errors.js";
import { goldenTask } from "./golden-tasks.js";
import { adapt, referenceMetaGradient } from "./meta-gradient.js";
import { hessianVectorProduct, lossAndGradient, lossAndLogits } from "./network.js";
import { type ReferenceConfig, referenceLayout } from "./parameters.js";

/**
 * Central differences with step 1e-4: truncation about 1e-8 of third derivatives, rounding about 1e-16/1e-4, so 1e-6 distinguishes a
 * wrong term from either.
 */
const epsilon = 1e-4;
const tolerance = 1e-6;

const configs = fc.record({
  nItems: fc.integer({ min: 3, max: 7 }),
  embeddingDim: fc.integer({ min: 1, max: 4 }),
  hiddenDim: fc.integer({ min: 2, max: 5 }),
  numLayers: fc.integer({ min: 1, max: 3 }),
  maxSeqLen: fc.integer({ min: 1, max: 5 }),
  innerSteps: fc.integer({ min: 1, max: 3 }),
});
const runs = { numRuns: 12, seed: 1 };

function setting(config: ReferenceConfig, seed: number) {
  const random = xoroshiro128plus(seed);
  const { size } = referenceLayout(config);
  const vector = (low: number, high: number) =>
    Float64Array.from({ length: size }, () => low + (high - low) * uniformFloat64(random));
  const limits = { k: 3, q: 4, low: 0, high: config.nItems - 1, maxSeqLen: config.maxSeqLen };
  return {
    theta: vector(-1, 1),
    alpha: vector(0.05, 0.3),
    direction: vector(-1, 1),
    tasks: [goldenTask("sessions", limits, random), goldenTask("unrelated", limits, random)],
  };
}

function moved(point: Float64Array, direction: Float64Array, by: number): Float64Array {
  return point.map((value, i) => value + by * direction[i]);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function slope(f: (by: number) => number): number {
  return (f(epsilon) - f(-epsilon)) / (2 * epsilon);
}

test("gradient and Hessian-vector product", () => {
  fc.assert(
    fc.property(configs, fc.integer(), (config, seed) => {
      const { theta, direction, tasks } = setting(config, seed);
      const { support } = tasks[1];
      const at = (by: number) => moved(theta, direction, by);
      const { gradient } = lossAndGradient(config, theta, support);
      const expected = slope((by) => lossAndLogits(config, at(by), support).loss);
      expect(Math.abs(dot(gradient, direction) - expected)).toBeLessThan(tolerance);

      const product = hessianVectorProduct(config, theta, support, direction);
      const forwards = lossAndGradient(config, at(epsilon), support).gradient;
      const backwards = lossAndGradient(config, at(-epsilon), support).gradient;
      const differences = forwards.map((value, i) => (value - backwards[i]) / (2 * epsilon));
      expect(relativeError(product, differences)).toBeLessThan(tolerance);
    }),
    runs,
  );
});

test("the meta-gradient with respect to θ and α, through all inner steps", () => {
  fc.assert(
    fc.property(configs, fc.integer(), (config, seed) => {
      const { theta, alpha, direction, tasks } = setting(config, seed);
      const loss = (start: Float64Array, rates: Float64Array) =>
        tasks.reduce((sum, { support, query }) => {
          const adapted = adapt(config, start, rates, support, config.innerSteps);
          return sum + lossAndLogits(config, adapted.theta, query).loss / tasks.length;
        }, 0);
      const second = referenceMetaGradient(config, theta, alpha, tasks, 2);
      const first = referenceMetaGradient(config, theta, alpha, tasks, 1);
      const alongTheta = slope((by) => loss(moved(theta, direction, by), alpha));
      const alongAlpha = slope((by) => loss(theta, moved(alpha, direction, by)));
      expect(second.loss).toBeCloseTo(loss(theta, alpha), 12);
      expect(Math.abs(dot(second.dTheta, direction) - alongTheta)).toBeLessThan(tolerance);
      expect(Math.abs(dot(second.dAlpha, direction) - alongAlpha)).toBeLessThan(tolerance);
      // First order omits a term. If it were equally close, the test above would prove nothing.
      expect(Math.abs(dot(first.dTheta, direction) - alongTheta)).toBeGreaterThan(10 * tolerance);
    }),
    runs,
  );
});
