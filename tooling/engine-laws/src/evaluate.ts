import type { Engine, Pairs, ParameterVector } from "@kshot/contract";
import { expect } from "vitest";
import { relativeError } from "./relative-error.js";

/** Everything that an engine computes of one batch. */
export interface Evaluation {
  readonly logits: ArrayLike<number>;
  readonly loss: number;
  readonly gradient: ParameterVector;
  readonly product: ParameterVector;
}

/** Loss, gradient, Hessian-vector product and logits of each example, at its own θ and along its own direction, in three calls. */
export async function evaluate(
  engine: Engine,
  thetas: readonly ParameterVector[],
  examples: readonly Pairs[],
  directions: readonly ParameterVector[],
): Promise<Evaluation[]> {
  const batches = examples.map((example) => engine.batch(example));
  const { losses, gradients } = await engine.gradients(thetas, batches);
  const products = await engine.hessianVectorProducts(thetas, batches, directions);
  const logits = await engine.logits(thetas, batches);
  return batches.map((_, i) => ({
    logits: logits[i]!.values,
    loss: losses[i]!,
    gradient: gradients[i]!,
    product: products[i]!,
  }));
}

/** Expects two evaluations to be equal within `rounding`, relative. */
export function expectSame(a: Evaluation, b: Evaluation, rounding: number): void {
  expect(relativeError(a.logits, b.logits), "logits").toBeLessThan(rounding);
  expect(Math.abs(a.loss / b.loss - 1), "loss").toBeLessThan(rounding);
  expect(relativeError(a.gradient, b.gradient), "gradient").toBeLessThan(rounding);
  expect(relativeError(a.product, b.product), "product").toBeLessThan(rounding);
}

/** The evaluation of a batch from those of its `pieces`: the scores one after the other, the means of the rest. */
export function meanOf(separate: readonly Evaluation[]): Evaluation {
  const mean = (vectors: readonly ArrayLike<number>[]) =>
    Float64Array.from(vectors[0]!, (_, j) => vectors.reduce((sum, v) => sum + v[j]!, 0) / vectors.length);
  return {
    logits: separate.flatMap(({ logits }) => Array.from(logits)),
    loss: mean(separate.map(({ loss }) => [loss]))[0]!,
    gradient: mean(separate.map(({ gradient }) => gradient)),
    product: mean(separate.map(({ product }) => product)),
  };
}
