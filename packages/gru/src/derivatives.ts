import type { ParameterLayout, ParameterVector } from "@kshot/contract";
import { dispose, grad, hessianVectorProduct, read, type Tree, tidy } from "@kshot/tensor-fn";
import type { Lane } from "./lane.js";
import { lossLogits, slotLogits, weightedLoss } from "./output-layer.js";
import { placePlan } from "./placed-plan.js";
import { type Plan, planLanes } from "./plan.js";
import { stackParameters, unstackParameters } from "./stacked-parameters.js";

/** Name under which the slots' weights join the parameters: the derivative by a weight is the slot's loss. */
const slotWeights = "slot.weights";

/** The values that all lanes of one chunk share. */
export interface Model {
  readonly layout: ParameterLayout;
  readonly numLayers: number;
}

/** Mean loss and gradient of each lane at its θ. */
export async function laneGradients(model: Model, thetas: readonly ParameterVector[], lanes: readonly Lane[]) {
  const plan = planLanes(lanes);
  const tree = tidy(() => {
    const placed = placePlan(plan);
    const loss = (parameters: Tree) =>
      weightedLoss(lossLogits(parameters, placed, model.numLayers), placed.labelTensor, parameters[slotWeights]);
    return grad(loss)({ ...stackParameters(model.layout, thetas, plan), [slotWeights]: placed.weightTensor });
  });
  const values = await readTree(tree);
  const slotLosses = values.get(slotWeights) as Float32Array;
  return {
    losses: plan.slotOf.map((slots, lane) => meanLoss(slotLosses.subarray(lane * plan.slots), slots)),
    gradients: unstackParameters(model.layout, values, plan),
  };
}

/** H u of each lane's mean loss at its θ, u its direction. */
export async function laneHessianVectorProducts(
  model: Model,
  thetas: readonly ParameterVector[],
  lanes: readonly Lane[],
  directions: readonly ParameterVector[],
): Promise<Float32Array[]> {
  const plan = planLanes(lanes);
  const tree = tidy(() => {
    const placed = placePlan(plan);
    const loss = (parameters: Tree) =>
      weightedLoss(lossLogits(parameters, placed, model.numLayers), placed.labelTensor, placed.weightTensor);
    const [point, direction] = [thetas, directions].map((vectors) => stackParameters(model.layout, vectors, plan));
    return hessianVectorProduct(loss)(point, direction);
  });
  return unstackParameters(model.layout, await readTree(tree), plan);
}

/** Scores of all items for each lane's pairs, `[pairs, nItems]` each. */
export async function laneLogits(model: Model, thetas: readonly ParameterVector[], lanes: readonly Lane[]) {
  const plan = planLanes(lanes);
  const logits = tidy(() => slotLogits(stackParameters(model.layout, thetas, plan), placePlan(plan), model.numLayers));
  const nItems = logits.shape[2];
  const values = (await readTree({ logits })).get("logits") as Float32Array;
  return plan.slotOf.map((slots, lane) => pairRows(values, slots, lane, plan, nItems));
}

function pairRows(values: Float32Array, slots: Int32Array, lane: number, plan: Plan, nItems: number): Float32Array {
  const rows = new Float32Array(slots.length * nItems);
  for (const [pair, slot] of slots.entries()) {
    const from = (lane * plan.slots + slot) * nItems;
    rows.set(values.subarray(from, from + nItems), pair * nItems);
  }
  return rows;
}

/** Mean in float64: the slots' losses are float32, and their mean is not rounded again. */
function meanLoss(slotLosses: Float32Array, slots: Int32Array): number {
  let total = 0;
  for (const slot of slots) total += slotLosses[slot];
  return total / slots.length;
}

/** Values of every tensor by name; the tensors are freed, also when reading fails. */
async function readTree(tree: Tree): Promise<Map<string, Float32Array>> {
  const values = new Map<string, Float32Array>();
  try {
    for (const [name, value] of Object.entries(tree)) values.set(name, await read(value));
    return values;
  } finally {
    dispose(tree);
  }
}
