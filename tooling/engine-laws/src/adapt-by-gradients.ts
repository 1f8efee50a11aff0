import type { Batch, Engine, ParameterVector } from "@kshot/contract";

/** θ ← θ − α∘g, g = ∇L scaled to at most the norm `innerClip`, `steps` times on each batch, by `gradients` alone. @returns one float64 vector per batch */
export async function adaptByGradients(
  engine: Engine,
  theta: ParameterVector,
  alpha: ParameterVector,
  batches: readonly Batch[],
  steps: number,
  innerClip = Number.POSITIVE_INFINITY,
): Promise<Float64Array[]> {
  let points = batches.map(() => Float64Array.from(theta));
  for (let step = 0; step < steps; step++) {
    const { gradients } = await engine.gradients(points, batches);
    points = points.map((point, i) => {
      const gradient = gradients[i]!;
      const scale = Math.min(1, innerClip / Math.hypot(...gradient));
      return point.map((value, j) => value - alpha[j]! * scale * gradient[j]!);
    });
  }
  return points;
}
