import { failedError, type KshotError, type ParameterLayout, type ParameterVector } from "@kshot/contract";

/** Whether every value is a finite number. */
export function allFinite(vector: ParameterVector): boolean {
  let finite = 0;
  for (let i = 0; i < vector.length; i++) finite += vector[i]! * 0;
  return finite === 0;
}

/** The error for a value that is not finite. It names the first such tensor. `vectors` by their names in messages. */
export function notFinite(
  where: string,
  value: number | string,
  vectors: Readonly<Record<string, ParameterVector>>,
  layout: ParameterLayout,
): KshotError {
  const todo = "Lower the learning rates, or resume from an earlier checkpoint";
  for (const [name, vector] of Object.entries(vectors)) {
    for (const tensor of layout.tensors) {
      const values = vector.subarray(tensor.offset, tensor.offset + tensor.size);
      const at = values.findIndex((x) => !Number.isFinite(x));
      if (at < 0) continue;
      const found = `${value}, from ${values[at]} in ${tensor.name}[${at}] of ${name}`;
      return failedError({ where, found, expected: `a finite ${name}`, todo });
    }
  }
  return failedError({
    where,
    found: `${value}, from products beyond the range of 32-bit numbers: every parameter is finite`,
    expected: "a finite value",
    todo,
  });
}
