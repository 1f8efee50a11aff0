import type { Batch, Engine, ParameterVector } from "@kshot/contract";

/** θ ← θ − α∘∇L, `steps` times on each batch, by `gradients` alone. @returns one float64 vector per batch */
export async function adaptByGradients(
  engine: Engine,
  theta: ParameterVector,
  alpha: ParameterVector,
  batches: readonly Batch[],
  steps: number,
): Promise<Float64Array[]> {
  let points = batches.map(() => Float64Array.from(theta));
  for (let step = 0; step < steps; step++) {
    const { gradients } = await engine.gradients(points, batches);
    points = points.map((point, i) => point.map((value, j) => value - alpha[j]! * gradients[i]![j]!));
  }
  return points;
}
