import { add, concat, matMul, mul, reshape, type Tensor, type Tree } from "@kshot/tensor-fn";
import type { PlacedPlan } from "./placed-plan.js";
import { takeRows } from "./rows.js";
import { unroll } from "./unroll.js";

/** Name of the leaf that holds the embedded items of all nodes, where PyTorch has `embedding.weight`. */
export const nodeInputs = "embedding.rows";

/**
 * Scores of all items for every slot of a plan: fc.weight · h + fc.bias, h the state at the slot's leaf.
 *
 * Where the notebook's readout says so, h is 0 and the scores are fc.bias.
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
  const h = plan.keepTensor === null ? carried : mul(carried, plan.keepTensor);
  const bias = parameters["fc.bias"];
  return add(matMul(h, parameters["fc.weight"], false, true), reshape(bias, [plan.lanes, 1, bias.shape[1]]));
}
