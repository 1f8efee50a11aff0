import type { ParameterVector } from "@kshot/contract";

/** Euclidean norm, summed in float64. */
export function norm(vector: ParameterVector): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! * vector[i]!;
  return Math.sqrt(sum);
}

/**
 * g ← g·min(1, limit/‖g‖), in place, as `torch.nn.utils.clip_grad_norm_` without its 1e-6; returns the factor.
 *
 * @param length ‖g‖, if it is not the norm of all entries
 */
export function clipNorm(gradient: ParameterVector, limit: number, length = norm(gradient)): number {
  if (!(length > limit)) return 1;
  const scale = limit / length;
  for (let i = 0; i < gradient.length; i++) gradient[i]! *= scale;
  return scale;
}
