import type { MetaGradientOptions } from "@kshot/contract";
import { type Block, BlockWriter, type Place } from "./block.js";
import type { LiveForest } from "./encode-forest.js";
import type { GpuBatch } from "./gpu-batch.js";
import type { MemoryPlan } from "./memory-plan.js";

/** The distinct items of some forests, in order of appearance. */
function itemsOf(...forests: LiveForest[]): Int32Array {
  return Int32Array.from(new Set(forests.flatMap(({ items }) => Array.from(items))));
}

/** ∇loss at source 0 over a part of a batch of `size` pairs. */
export function gradientBlock(plan: MemoryPlan, part: LiveForest, size: number): { block: Block; out: Place } {
  const writer = new BlockWriter(plan, itemsOf(part));
  const forest = writer.forest(part, size);
  const [theta, out, activations] = [writer.vector(), writer.vector(), writer.activations(part)];
  writer.take(theta, 0);
  writer.gradient(forest, theta, activations, out);
  const block = writer.finish();
  return { block, out: { at: out, floats: plan.vector(block.items.length) } };
}

/** −H u over a part of a batch of `size` pairs: θ is source 0, u source 1. */
export function productBlock(plan: MemoryPlan, part: LiveForest, size: number): { block: Block; out: Place } {
  const writer = new BlockWriter(plan, itemsOf(part));
  const forest = writer.forest(part, size, { tangents: true });
  const [theta, u, out, activations] = [writer.vector(), writer.vector(), writer.vector(), writer.activations(part)];
  writer.take(theta, 0);
  writer.take(u, 1);
  // Only the activations of the gradient are needed, not the gradient.
  writer.gradient(forest, theta, activations, out);
  writer.clear(out);
  writer.product(forest, theta, activations, u, out);
  const block = writer.finish();
  return { block, out: { at: out, floats: plan.vector(block.items.length) } };
}

/** Logits of a part at source 0. */
export function logitsBlock(plan: MemoryPlan, part: LiveForest, nItems: number): { block: Block; out: Place } {
  const writer = new BlockWriter(plan, itemsOf(part));
  const forest = writer.forest(part, part.labels.length);
  const [theta, activations] = [writer.vector(), writer.activations(part)];
  writer.take(theta, 0);
  writer.forward(forest, theta, activations);
  return { block: writer.finish(), out: scoresPlace(plan, part, activations, nItems) };
}

/** `steps` gradient steps from source 0; out is the adapted θ. */
export function adaptBlock(
  plan: MemoryPlan,
  batch: GpuBatch,
  steps: number,
  innerClip?: number,
): { block: Block; out: Place } {
  const items = itemsOf(batch.whole);
  const writer = new BlockWriter(plan, items);
  const forest = writer.forest(batch.whole, batch.size);
  const theta = writer.vector();
  writer.take(theta, 0);
  const step = stepper(writer, { support: batch.whole, forest, theta, moving: items.length, innerClip });
  for (let k = 0; k < steps; k++) step();
  return { block: writer.finish(), out: { at: theta, floats: plan.vector(items.length) } };
}

/** Scores of `queries[i]` after `steps[i]` steps in all on the support; steps ascend. */
export function adaptedLogitsBlock(
  plan: MemoryPlan,
  support: GpuBatch,
  queries: readonly GpuBatch[],
  steps: readonly number[],
  nItems: number,
  innerClip?: number,
): { block: Block; outs: Place[] } {
  const items = itemsOf(support.whole, ...queries.map(({ whole }) => whole));
  const moving = itemsOf(support.whole).length;
  const writer = new BlockWriter(plan, items);
  const forest = writer.forest(support.whole, support.size, { rows: moving });
  const theta = writer.vector();
  writer.take(theta, 0);
  const outs: Place[] = [];
  let done = 0;
  const step = stepper(writer, { support: support.whole, forest, theta, moving, innerClip });
  for (const [i, query] of queries.entries()) {
    for (; done < steps[i]!; done++) step();
    const activations = writer.activations(query.whole);
    writer.forward(writer.forest(query.whole, query.size), theta, activations);
    outs.push(scoresPlace(plan, query.whole, activations, nItems));
  }
  return { block: writer.finish(), outs };
}

/** A block that leaves a task's dθ and dα in its part of `work`. Rows: the support's, then those that only the query has. */
export interface TaskBlock {
  readonly block: Block;
  readonly dTheta: number;
  /** Undefined without inner steps. Rows beyond `moving` have no gradient of a rate. */
  readonly dAlpha: number | undefined;
  readonly moving: number;
  /** Index of the query loss among the block's losses. */
  readonly queryLoss: number;
}

/**
 * One task's meta-gradient: S steps, the query, and back through the steps.
 *
 * Order 2 keeps θ_k, g_k and the activations of every step; order 1 keeps g_k alone. With `innerClip`, g_k is the clipped gradient.
 */
export function taskBlock(
  plan: MemoryPlan,
  { support, query }: { support: GpuBatch; query: GpuBatch },
  { innerSteps, order, innerClip }: Omit<MetaGradientOptions, "spare">,
): TaskBlock {
  const items = itemsOf(support.whole, query.whole);
  const moving = itemsOf(support.whole).length;
  const writer = new BlockWriter(plan, items);
  const supportForest = writer.forest(support.whole, support.size, { rows: moving, tangents: order === 2 });
  const queryForest = writer.forest(query.whole, query.size);
  const start = writer.vector();
  writer.take(start, 0);
  const path = [start];
  const gradients: number[] = [];
  const activations: number[] = [];
  const scales: number[] = [];
  for (let k = 0; k < innerSteps; k++) {
    const [theta] = path.slice(-1) as [number];
    const g = writer.vector();
    const kept = order === 2 || k === 0 ? writer.activations(support.whole) : activations[0]!;
    writer.gradient(supportForest, theta, kept, g);
    if (innerClip !== undefined) scales.push(writer.clip(g, moving, innerClip));
    const next = order === 2 ? writer.vector() : theta;
    writer.step(theta, g, next, moving);
    path.push(next);
    gradients.push(g);
    activations.push(kept);
  }
  const v = writer.vector();
  writer.gradient(queryForest, path.at(-1)!, writer.activations(query.whole), v);
  // Without clipping, dα overwrites the last gradient, which is not read again.
  const dAlpha = innerClip === undefined || innerSteps === 0 ? gradients.at(-1) : writer.vector();
  const u = order === 2 && innerSteps > 0 ? writer.vector() : undefined;
  for (let k = innerSteps - 1; k >= 0; k--) {
    const operand = { g: gradients[k]!, v, dAlpha: dAlpha!, first: k === innerSteps - 1, moving };
    if (u === undefined) {
      writer.rates(operand);
    } else {
      writer.rates({ ...operand, u });
      if (innerClip !== undefined) writer.throughClipping(u, gradients[k]!, moving, scales[k]!);
      writer.product(supportForest, path[k]!, activations[k]!, u, v);
    }
  }
  return { block: writer.finish(), dTheta: v, dAlpha, moving, queryLoss: innerSteps };
}

/** Steps θ in place at each call; the first call reserves memory. */
function stepper(
  writer: BlockWriter,
  {
    support,
    forest,
    theta,
    moving,
    innerClip,
  }: { support: LiveForest; forest: number; theta: number; moving: number; innerClip: number | undefined },
): () => void {
  let memory: { g: number; activations: number } | undefined;
  return () => {
    memory ??= { g: writer.vector(), activations: writer.activations(support) };
    writer.gradient(forest, theta, memory.activations, memory.g);
    if (innerClip !== undefined) writer.clip(memory.g, moving, innerClip);
    writer.step(theta, memory.g, theta, moving);
  };
}

function scoresPlace(plan: MemoryPlan, forest: LiveForest, activations: number, nItems: number): Place {
  return { at: activations + plan.scoresBegin(forest.items.length), floats: forest.labels.length * nItems };
}
