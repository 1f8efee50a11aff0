import { failedError } from "@kshot/contract";
import type { Golden } from "@kshot/contract/schemas";
import { adamState, adamStep } from "./adam.js";
import { adapt, type ReferenceMetaGradient, referenceMetaGradient } from "./meta-gradient.js";
import { hessianVectorProduct, lossAndGradient, lossAndLogits } from "./network.js";
import { flatten, type ReferenceConfig, referenceLayout, unflatten } from "./parameters.js";

/** What a golden file's outer steps are asked to do. */
export type TrainingInputs = Pick<Golden["training"], "outerLr" | "alphaClamp" | "batches">;

/**
 * Golden values of every quantity that `doctor` compares, in float64, from the explicit formulas of docs/math.md.
 *
 * Prefixes are not shared and nothing runs in parallel: simple loops, so that it can be checked by reading. `theta`, `alpha`
 * and `direction` (of the Hessian-vector product) are flat lists by PyTorch name.
 *
 * @throws a `DATA` error for a tensor of another size, a `FAILED` error for a loss that is not a number.
 */
export function referenceGolden(
  config: ReferenceConfig,
  theta: Golden["theta"],
  alpha: Golden["alpha"],
  tasks: Golden["tasks"],
  training: TrainingInputs,
  direction: Golden["support0"]["direction"],
): Golden {
  const point = flatten(config, theta);
  const rates = flatten(config, alpha);
  const named = (flat: Float64Array) => unflatten(config, flat);
  const { support } = tasks[0];
  const { loss, logits } = lossAndLogits(config, point, support);
  const adapted = (steps: number) => [String(steps), named(adapt(config, point, rates, support, steps).theta)];
  const meta = (order: 1 | 2) => {
    const { dTheta, dAlpha, ...losses } = finite(referenceMetaGradient(config, point, rates, tasks, order));
    return { ...losses, dTheta: named(dTheta), dAlpha: named(dAlpha) };
  };
  return {
    config,
    shapes: Object.fromEntries(referenceLayout(config).tensors.map(({ name, shape }) => [name, [...shape]])),
    theta,
    alpha,
    tasks,
    support0: {
      logits: logits.map((row) => Array.from(row)),
      loss,
      gradient: named(lossAndGradient(config, point, support).gradient),
      direction,
      hessianVectorProduct: named(hessianVectorProduct(config, point, support, flatten(config, direction))),
    },
    adapted0: Object.fromEntries([adapted(1), adapted(config.innerSteps)]),
    meta: { secondOrder: meta(2), firstOrder: meta(1) },
    training: train(config, point, rates, tasks, training),
  };
}

/** Adam on θ and α, then α clamped, once per batch. */
function train(
  config: ReferenceConfig,
  start: Float64Array,
  startRates: Float64Array,
  tasks: Golden["tasks"],
  { outerLr, alphaClamp, batches }: TrainingInputs,
): Golden["training"] {
  const [low, high] = alphaClamp;
  const theta = start.slice();
  const alpha = startRates.slice();
  const thetaState = adamState(theta.length);
  const alphaState = adamState(alpha.length);
  const losses = batches.map((batch) => {
    const inBatch = batch.map((task) => tasks[task]);
    const { loss, dTheta, dAlpha } = finite(referenceMetaGradient(config, theta, alpha, inBatch, 2));
    adamStep(thetaState, theta, dTheta, outerLr);
    adamStep(alphaState, alpha, dAlpha, outerLr);
    for (let i = 0; i < alpha.length; i++) alpha[i] = Math.min(high, Math.max(low, alpha[i]));
    return loss;
  });
  return {
    outerLr,
    alphaClamp,
    batches,
    losses,
    theta: unflatten(config, theta),
    alpha: unflatten(config, alpha),
  };
}

function finite(result: ReferenceMetaGradient): ReferenceMetaGradient {
  if (Number.isFinite(result.loss)) return result;
  throw failedError({
    where: "golden values, meta-loss",
    found: `${result.loss}`,
    todo: "Choose smaller parameters or smaller inner rates",
  });
}
