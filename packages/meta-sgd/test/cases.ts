import type { Engine, ParameterVector, Task } from "@kshot/contract";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { type LogisticExample, logisticEngine } from "./logistic-engine.js";
import { type QuadraticExample, quadraticEngine } from "./quadratic-engine.js";

/** A model with parameters, rates and any number of tasks, for laws that every model must satisfy. */
export interface Case {
  readonly name: string;
  readonly engine: Engine<never>;
  readonly theta: ParameterVector;
  readonly alpha: ParameterVector;
  /** A task by number: the same number gives the same task. */
  readonly task: (number: number) => Task;
}

export const uniform = (random: RandomGenerator, low: number, high: number) =>
  low + (high - low) * uniformFloat64(random);

const list = (random: RandomGenerator, length: number, low = -1, high = 1) =>
  Array.from({ length }, () => uniform(random, low, high));

const quadraticShapes = [
  ["w", [2, 2]],
  ["b", [1]],
] as const;

/** A term with a positive semi-definite Hessian RᵀR, or without curvature. */
export function quadraticExample(random: RandomGenerator, n: number, curved: boolean): QuadraticExample {
  const root = list(random, n * n);
  const matrix = Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let k = 0; k < n; k++) sum += root[k * n + i]! * root[k * n + j]!;
    return curved ? sum : 0;
  });
  return { matrix, centre: list(random, n), slope: curved ? list(random, n, -0.1, 0.1) : list(random, n) };
}

function quadraticCase(name: string, curved: boolean, vectorType: typeof Float64Array | typeof Float32Array): Case {
  const engine = quadraticEngine(quadraticShapes, vectorType);
  const n = engine.layout.size;
  const random = xoroshiro128plus(5);
  return {
    name,
    engine,
    theta: new vectorType(list(random, n)),
    alpha: new vectorType(list(random, n, 0.02, 0.09)),
    task: (number) => {
      const own = xoroshiro128plus(1000 + number);
      const examples = (count: number) => Array.from({ length: count }, () => quadraticExample(own, n, curved));
      return engine.task(examples(2), examples(3));
    },
  };
}

function logisticCase(): Case {
  const engine = logisticEngine(3);
  const random = xoroshiro128plus(6);
  return {
    name: "logistic regression",
    engine,
    theta: new Float64Array(list(random, 4)),
    alpha: new Float64Array(list(random, 4, 0.02, 0.09)),
    task: (number) => {
      const own = xoroshiro128plus(2000 + number);
      const examples = (count: number) =>
        Array.from(
          { length: count },
          (): LogisticExample => ({ x: list(own, 3, -2, 2), y: uniform(own, 0, 1) < 0.5 ? 0 : 1 }),
        );
      return engine.task(examples(5), examples(6));
    },
  };
}

export const quadratic = quadraticCase("quadratic", true, Float64Array);
export const quadratic32 = quadraticCase("quadratic in float32", true, Float32Array);
export const linear = quadraticCase("linear", false, Float64Array);
export const logistic = logisticCase();

/** Models whose loss has curvature. */
export const curvedCases: readonly Case[] = [quadratic, quadratic32, logistic];

export const tasksOf = (model: Case, count: number, first = 0): Task[] =>
  Array.from({ length: count }, (_, i) => model.task(first + i));

/** ‖a − b‖/‖b‖. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    norm += b[i]! ** 2;
  }
  return Math.sqrt(difference / norm);
}
