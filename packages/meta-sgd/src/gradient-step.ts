import type { ParameterVector } from "@kshot/contract";

/** out = θ − α∘g, each value rounded once; `out` may be θ itself. */
export function gradientStep(
  out: ParameterVector,
  theta: ParameterVector,
  alpha: ParameterVector,
  gradient: ParameterVector,
): void {
  for (let i = 0; i < out.length; i++) out[i] = theta[i]! - alpha[i]! * gradient[i]!;
}
