import { add, concat, matMul, reshape, type Tensor, type Tree } from "@kshot/tensor-fn";
import { gruCell } from "./gru-cell.js";
import type { PlacedPlan } from "./placed-plan.js";
import { splitRows, takeRows } from "./rows.js";

/**
 * Runs all GRU layers over a forest, depth by depth, each node from its parent's state; roots start at 0.
 *
 * The gates' input half is one product for all nodes of a layer; only the recurrent half depends on the depth above.
 *
 * @param parameters `gru.weight_ih_l{l}` `[tasks, 3 hidden, in]`, `gru.weight_hh_l{l}` `[tasks, 3 hidden, hidden]`,
 *   `gru.bias_ih_l{l}` and `gru.bias_hh_l{l}` `[tasks, 3 hidden]`
 * @param inputs embedded items of all nodes `[tasks, nodes, embedding]`
 * @returns the last layer's states, one `[tasks, nodes of that depth, hidden]` per depth
 */
export function unroll(parameters: Tree, inputs: Tensor, plan: PlacedPlan, numLayers: number): Tensor[] {
  let states: Tensor[] = [];
  for (let layer = 0; layer < numLayers; layer++) {
    states = unrollLayer(parameters, layer, layer === 0 ? inputs : concat(states, 1), plan);
  }
  return states;
}

function unrollLayer(parameters: Tree, layer: number, inputs: Tensor, plan: PlacedPlan): Tensor[] {
  const asRow = (bias: Tensor) => reshape(bias, [plan.lanes, 1, bias.shape[1]]);
  const cell = {
    weightHh: parameters[`gru.weight_hh_l${layer}`],
    biasHh: asRow(parameters[`gru.bias_hh_l${layer}`]),
  };
  const xGates = add(
    matMul(inputs, parameters[`gru.weight_ih_l${layer}`], false, true),
    asRow(parameters[`gru.bias_ih_l${layer}`]),
  );
  const states: Tensor[] = [];
  for (const [depth, gates] of splitRows(xGates, plan.depthOffsets).entries()) {
    const h = depth === 0 ? null : takeRows(states[depth - 1], plan.parents[depth], plan.parentIndices[depth]);
    states.push(gruCell(cell, gates, h));
  }
  return states;
}
