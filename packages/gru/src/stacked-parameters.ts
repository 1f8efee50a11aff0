import type { ParameterLayout, ParameterVector, TensorSpec } from "@kshot/contract";
import { type Tensor, type Tree, tensor } from "@kshot/tensor-fn";
import { nodeInputs } from "./output-layer.js";
import type { Plan } from "./plan.js";

/** θ of several tasks as tensors with a leading task axis; of the embedding only the rows of the plan's nodes. */
export function stackParameters(layout: ParameterLayout, vectors: readonly ParameterVector[], plan: Plan): Tree {
  const tree: Record<string, Tensor> = {};
  // One buffer for all tensors: a new allocation for each would cost more than the copying.
  const buffer = new Float32Array(Math.max(...layout.tensors.map((spec) => stackedSize(spec, plan))));
  for (const spec of layout.tensors) {
    const { name, shape, offset, size } = spec;
    const stacked = buffer.subarray(0, stackedSize(spec, plan));
    if (name === "embedding.weight") {
      const width = shape[1];
      // Padding nodes have no item: their rows are zero.
      stacked.fill(0);
      eachNode(plan, (node, item, lane) => {
        const from = offset + item * width;
        stacked.set(vectors[lane].subarray(from, from + width), node * width);
      });
      tree[nodeInputs] = tensor(stacked, [plan.lanes, plan.nodes, width]);
      continue;
    }
    for (const [lane, vector] of vectors.entries()) stacked.set(vector.subarray(offset, offset + size), lane * size);
    tree[name] = tensor(stacked, [plan.lanes, ...shape]);
  }
  return tree;
}

/**
 * The reverse: one fresh vector per task from values by tensor name. An item's row is the sum over its nodes, which is the
 * transpose of how `stackParameters` copies it to them.
 */
export function unstackParameters(
  layout: ParameterLayout,
  values: ReadonlyMap<string, Float32Array>,
  plan: Plan,
): Float32Array[] {
  const vectors = Array.from({ length: plan.lanes }, () => new Float32Array(layout.size));
  for (const { name, shape, offset, size } of layout.tensors) {
    if (name === "embedding.weight") {
      const width = shape[1];
      const rows = values.get(nodeInputs) as Float32Array;
      eachNode(plan, (node, item, lane) => {
        const vector = vectors[lane];
        const to = offset + item * width;
        for (let i = 0; i < width; i++) vector[to + i] += rows[node * width + i];
      });
      continue;
    }
    const stacked = values.get(name) as Float32Array;
    for (const [lane, vector] of vectors.entries())
      vector.set(stacked.subarray(lane * size, (lane + 1) * size), offset);
  }
  return vectors;
}

function stackedSize({ name, shape, size }: TensorSpec, plan: Plan): number {
  return name === "embedding.weight" ? plan.items.length * shape[1] : plan.lanes * size;
}

function eachNode(plan: Plan, visit: (node: number, item: number, lane: number) => void): void {
  for (let node = 0; node < plan.items.length; node++) {
    const item = plan.items[node];
    if (item >= 0) visit(node, item, Math.floor(node / plan.nodes));
  }
}
