import type { Golden } from "@kshot/contract/schemas";
import { flatten } from "./parameters.js";

/** ‖a − b‖/‖b‖, or over ‖b − start‖, the movement, when `start` is given. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>, start?: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    size += (b[i] - (start?.[i] ?? 0)) ** 2;
  }
  return Math.sqrt(difference / size);
}

/** Relative error of every quantity of a golden file, by the names and definitions of `doctor`. */
export function goldenErrors(actual: Golden, expected: Golden): Record<string, number> {
  const { config } = expected;
  const flat = (named: Golden["theta"] | undefined) => flatten(config, named ?? {});
  const theta = flat(expected.theta);
  const alpha = flat(expected.alpha);
  const last = String(config.innerSteps);
  const losses = ({ secondOrder: { loss, taskLosses } }: Golden["meta"]) => [loss, ...taskLosses];
  return {
    logits: relativeError(actual.support0.logits.flat(), expected.support0.logits.flat()),
    loss: relativeError([actual.support0.loss], [expected.support0.loss]),
    gradient: relativeError(flat(actual.support0.gradient), flat(expected.support0.gradient)),
    hessianVectorProduct: relativeError(
      flat(actual.support0.hessianVectorProduct),
      flat(expected.support0.hessianVectorProduct),
    ),
    adapted1: relativeError(flat(actual.adapted0["1"]), flat(expected.adapted0["1"]), theta),
    adaptedS: relativeError(flat(actual.adapted0[last]), flat(expected.adapted0[last]), theta),
    metaLoss: relativeError(losses(actual.meta), losses(expected.meta)),
    dTheta: relativeError(flat(actual.meta.secondOrder.dTheta), flat(expected.meta.secondOrder.dTheta)),
    dAlpha: relativeError(flat(actual.meta.secondOrder.dAlpha), flat(expected.meta.secondOrder.dAlpha)),
    dThetaFirstOrder: relativeError(flat(actual.meta.firstOrder.dTheta), flat(expected.meta.firstOrder.dTheta)),
    dAlphaFirstOrder: relativeError(flat(actual.meta.firstOrder.dAlpha), flat(expected.meta.firstOrder.dAlpha)),
    trainingLosses: relativeError(actual.training.losses, expected.training.losses),
    trainingTheta: relativeError(flat(actual.training.theta), flat(expected.training.theta), theta),
    trainingAlpha: relativeError(flat(actual.training.alpha), flat(expected.training.alpha), alpha),
  };
}
