import { add, concat, matMul, mul, reshape, softmaxCrossEntropy, sum, type Tensor, type Tree } from "@kshot/tensor-fn";
import type { PlacedPlan } from "./placed-plan.js";
import { takeRows } from "./rows.js";
import { unroll } from "./unroll.js";

/** Name of the leaf that holds the embedded items of all nodes; it replaces PyTorch's `embedding.weight`. */
export const nodeInputs = "embedding.rows";

/**
 * Scores of all items for every slot of a plan: fc.weight · h + fc.bias, h the state at the slot's leaf.
 *
 * Under the mask `notebook`, h of a short history is 0 and its scores are fc.bias. Under dropout, units of h are 0 or scaled.
 *
 * @param parameters PyTorch's names, each with a leading task axis; `embedding.rows` `[tasks, nodes, embedding]`
 * @returns `[tasks, slots, nItems]`
 */
export function slotLogits(parameters: Tree, plan: PlacedPlan, numLayers: number): Tensor {
  const states = unroll(parameters, parameters[nodeInputs], plan, numLayers);
  const read: Tensor[] = [];
  for (const [depth, rows] of plan.reads.entries()) {
    if (rows !== null) read.push(takeRows(states[depth], rows, plan.readIndices[depth]));
  }
  const carried = read.length === 1 ? read[0] : concat(read, 1);
  const h = plan.stateFactorTensor === null ? carried : mul(carried, plan.stateFactorTensor);
  const bias = parameters["fc.bias"];
  return add(matMul(h, parameters["fc.weight"], false, true), reshape(bias, [plan.lanes, 1, bias.shape[1]]));
}

/** The scores that the loss is of: `slotLogits`, and the fixed offsets of the examples. `[tasks, slots, nItems]` */
export function lossLogits(parameters: Tree, plan: PlacedPlan, numLayers: number): Tensor {
  const logits = slotLogits(parameters, plan, numLayers);
  return plan.offsetTensor === null ? logits : add(logits, plan.offsetTensor);
}

/**
 * Σ weight · (−log softmax(logits)[label]) over all slots of all tasks.
 *
 * With weight 1/B on a task's B pairs and 0 on padding this is the sum of the tasks' mean losses, and because no parameter is
 * shared between tasks its gradient is each task's own. Its derivative by a weight is that slot's loss.
 *
 * @param logits `[tasks, slots, nItems]`
 * @param labels `[tasks, slots]`
 * @param weights `[tasks, slots]`
 * @returns a scalar
 */
export function weightedLoss(logits: Tensor, labels: Tensor, weights: Tensor): Tensor {
  return sum(mul(softmaxCrossEntropy(logits, labels), weights));
}
