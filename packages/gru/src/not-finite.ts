import { failedError, type KshotError, type ParameterLayout, type ParameterVector } from "@kshot/contract";

/** The error for a loss that is not finite. It names the first tensor of θ that holds NaN or infinity. */
export function lossNotFinite(
  loss: number,
  batch: number,
  theta: ParameterVector,
  layout: ParameterLayout,
): KshotError {
  const where = `loss of batch ${batch}`;
  for (const { name, offset, size } of layout.tensors) {
    for (let i = 0; i < size; i++) {
      const value = theta[offset + i];
      if (Number.isFinite(value)) continue;
      return failedError({
        where,
        found: `${loss}, from ${value} in ${name}[${i}]`,
        expected: "finite parameters",
        todo: "Lower the learning rate, or resume from an earlier checkpoint",
      });
    }
  }
  return failedError({
    where,
    found: `${loss}, from logits beyond the range of 32-bit numbers: every parameter is finite`,
    expected: "a finite loss",
    todo: "Lower the learning rate, or resume from an earlier checkpoint",
  });
}
