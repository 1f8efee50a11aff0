import type { Engine, ParameterVector, Task } from "@kshot/contract";
import { adaptAtSteps, type MetaAlgorithm, startMetaTraining, trainMeta } from "@kshot/meta-sgd";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { mlpEngine, type Points } from "./mlp-engine.js";
import { drawPoints, drawSinusoid, uniform } from "./sinusoid-points.js";

/** Options of the experiment; the paper's numbers are in the README. */
export interface SinusoidOptions {
  readonly algorithm: MetaAlgorithm;
  readonly iterations: number;
  readonly seed: number;
  /** Support points and query points. */
  readonly k: number;
  /** Curves per outer step. */
  readonly metaBatch: number;
  /** Test curves, which are not used in training. */
  readonly testCurves: number;
  /** Numbers of inner steps at which the test error is measured. */
  readonly steps: readonly number[];
  readonly outerLr: number;
  /** Computes the network; by default the engine written by hand, `mlpEngine([40, 40])`. */
  readonly engine?: Engine<Points>;
  /** Iterations between two calls of `onLog`. Default 100. */
  readonly logInterval?: number;
  readonly onLog?: (iteration: number, metaLoss: number) => void;
}

/** Test errors, and the rates that were learned. */
export interface SinusoidResult {
  /** Mean squared error on the test curves' query points after each of `steps` inner steps. */
  readonly errors: readonly number[];
  readonly alpha: ParameterVector;
  readonly theta: ParameterVector;
}

const innerSteps = 1;
const startRate = 0.01;

/** Meta-trains a 1-40-40-1 network on sinusoids, then fits it to unseen ones from K points each. */
export async function sinusoidExperiment(options: SinusoidOptions): Promise<SinusoidResult> {
  const { k, seed, metaBatch, steps } = options;
  const { engine = mlpEngine([40, 40]) } = options;
  const { state } = await trainMeta({
    engine,
    algorithm: options.algorithm,
    initial: startMetaTraining(initialParameters(engine, xoroshiro128plus(seed)), engine.vector().fill(startRate)),
    // Seeded by the iteration, so that a resumed run draws the same curves.
    tasks: (iteration) => {
      const random = xoroshiro128plus(seed + 1 + iteration);
      return Array.from({ length: metaBatch }, () => drawTask(engine, k, k, random));
    },
    iterations: options.iterations,
    outerLr: options.outerLr,
    alphaRange: [1e-4, 1],
    innerSteps,
    order: 2,
    evalInterval: 1,
    patience: 0,
    logInterval: options.logInterval ?? 100,
    onLog: ({ iteration, metaLoss }) => options.onLog?.(iteration, metaLoss),
  });
  const random = xoroshiro128plus(seed ^ 0x5eed);
  const test = Array.from({ length: options.testCurves }, () => drawTask(engine, k, 100, random));
  const { theta, alpha } = state;
  const adapted = await adaptAtSteps(
    engine,
    theta,
    alpha,
    test.map((task) => task.support),
    steps,
  );
  const errors: number[] = [];
  for (const thetas of adapted) {
    const { losses } = await engine.gradients(
      thetas,
      test.map((task) => task.query),
    );
    errors.push(losses.reduce((sum, loss) => sum + loss, 0) / losses.length);
  }
  return { errors, alpha, theta };
}

/** Support and query points of one new curve. */
function drawTask(engine: Engine<Points>, k: number, q: number, random: RandomGenerator): Task {
  const curve = drawSinusoid(random);
  return engine.task(drawPoints(curve, k, random), drawPoints(curve, q, random));
}

/** Weights uniform in ±√(6/(inputs + outputs)) (Glorot), biases uniform in ±1 to spread the first kinks over [−5, 5]. */
export function initialParameters(engine: Engine<Points>, random: RandomGenerator): ParameterVector {
  const theta = engine.vector();
  for (const { shape, offset, size } of engine.layout.tensors) {
    const bound = shape.length === 2 ? Math.sqrt(6 / (shape[0]! + shape[1]!)) : 1;
    for (let i = offset; i < offset + size; i++) theta[i] = uniform(random, -bound, bound);
  }
  return theta;
}
