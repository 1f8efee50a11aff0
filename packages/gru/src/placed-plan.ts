import { indices, type Tensor, tensor } from "@kshot/tensor-fn";
import type { Plan } from "./plan.js";
import type { Rows } from "./rows.js";

/** A plan with its constants as tensors. Make it inside `tidy`. */
export interface PlacedPlan extends Plan {
  /** Indices of `parents[d]` if it is a gather. `[lanes, count]` */
  readonly parentIndices: readonly (Tensor | null)[];
  /** Indices of `reads[d]` if it is a gather. `[lanes, count]` */
  readonly readIndices: readonly (Tensor | null)[];
  /** `[lanes, slots]` */
  readonly labelTensor: Tensor;
  /** `[lanes, slots]` */
  readonly weightTensor: Tensor;
  /** `[lanes, slots, factorWidth]` */
  readonly stateFactorTensor: Tensor | null;
  /** `[lanes, slots, nItems]` */
  readonly offsetTensor: Tensor | null;
}

/** Uploads a plan's index and weight arrays. */
export function placePlan(plan: Plan): PlacedPlan {
  const { lanes, slots } = plan;
  const place = (rows: Rows | null) => (rows?.kind === "gather" ? indices(rows.indices, [lanes, rows.count]) : null);
  return {
    ...plan,
    parentIndices: plan.parents.map(place),
    readIndices: plan.reads.map(place),
    labelTensor: indices(plan.labels, [lanes, slots]),
    weightTensor: tensor(plan.weights, [lanes, slots]),
    stateFactorTensor: plan.stateFactor === null ? null : tensor(plan.stateFactor, [lanes, slots, plan.factorWidth]),
    offsetTensor: plan.offsets === null ? null : tensor(plan.offsets, [lanes, slots, plan.offsetWidth]),
  };
}
