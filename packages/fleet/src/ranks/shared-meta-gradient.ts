import { type Engine, failedError, type GroupSums, type ParameterVector, usageError } from "@kshot/contract";
import type { MetaGradientFunction } from "@kshot/experiment";
import { type Exchange, exchangeSums, groupsOf } from "./exchange.js";

/**
 * The meta-gradient of an engine, computed by several processes: each computes its consecutive groups of tasks, and all get the sum over all
 * groups in order. The same bits for any number of ranks, and those of the engine alone.
 *
 * @throws `USAGE` for an engine without groups of tasks
 */
export function sharedMetaGradient(engine: Engine, at: Exchange): MetaGradientFunction {
  const { taskGroups } = engine;
  if (taskGroups === undefined) {
    throw usageError({ where: "--ranks", found: `the ${engine.description.name} engine`, expected: "the SIMD engine" });
  }
  let iteration = 0;
  let earlier: GroupSums | undefined;
  return async (theta, alpha, tasks, { spare, ...options }) => {
    iteration += 1;
    const range = groupsOf(at.rank, at.ranks, Math.ceil(tasks.length / taskGroups.size));
    const given = { ...options, ...(earlier && { spare: earlier }) };
    const sums = await taskGroups.sums(theta, alpha, tasks, range, given);
    earlier = sums;
    const total = spare ?? { dTheta: engine.vector(), dAlpha: engine.vector() };
    const checksum = checksumOf(theta, alpha);
    const own = { iteration, checksum, tasks: tasks.length, groupSize: taskGroups.size, sums, total };
    const taskLosses = await exchangeSums(at, own);
    const scale = 1 / tasks.length;
    if (!scaleFinite(total.dTheta, scale) || !scaleFinite(total.dAlpha, scale)) {
      throw failedError({
        where: "meta-gradient",
        found: "NaN or ∞",
        expected: "finite numbers",
        todo: "Training diverged: lower the learning rates, or continue from an earlier state with lower ones",
      });
    }
    return { taskLosses, dTheta: total.dTheta, dAlpha: total.dAlpha };
  };
}

/** vector *= scale; false where a value is NaN or infinite. */
function scaleFinite(vector: ParameterVector, scale: number): boolean {
  let zero = 0;
  for (let i = 0; i < vector.length; i++) zero += (vector[i]! *= scale) * 0;
  return zero === 0;
}

/** FNV-1a over the 32-bit words of float32 vectors: other parameters give another number, except for one case in 2³². */
function checksumOf(...vectors: readonly ParameterVector[]): number {
  let hash = 0x811c9dc5;
  for (const { buffer, byteOffset, byteLength } of vectors) {
    const words = new Int32Array(buffer, byteOffset, byteLength / 4);
    for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words[i]!, 0x01000193);
  }
  return hash >>> 0;
}
