import { dataError, type ParameterLayout, type ParameterVector } from "@kshot/contract";
import type { Tensor } from "./safetensors.js";

/**
 * Combines a file's tensors to one vector, `[layout.size]`; F64 is rounded to float32.
 *
 * @param file name of the file in errors
 * @param prefix prefix of each tensor's name in the file; `alpha.` for learning rates
 * @throws `DATA` for a tensor that is missing, has another shape (found and expected) or is not in the layout.
 */
export function vectorFrom(
  tensors: readonly Tensor[],
  layout: ParameterLayout,
  file: string,
  prefix?: string,
): Float32Array<ArrayBuffer>;
export function vectorFrom<Vector extends ParameterVector>(
  tensors: readonly Tensor[],
  layout: ParameterLayout,
  file: string,
  prefix: string,
  empty: (size: number) => Vector,
): Vector;
export function vectorFrom(
  tensors: readonly Tensor[],
  layout: ParameterLayout,
  file: string,
  prefix = "",
  empty: (size: number) => ParameterVector = (size) => new Float32Array(size),
): ParameterVector {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  // Memory is taken after the check: a file from elsewhere can claim any size.
  const parts: (readonly [Tensor["values"], number])[] = [];
  for (const { name, shape, offset } of layout.tensors) {
    const stored = `${prefix}${name}`;
    const tensor = byName.get(stored);
    if (tensor === undefined) {
      throw dataError({
        where: `${file}, tensor ${stored}`,
        found: `missing; the file holds ${tensors.map((held) => held.name).join(", ") || "no tensors"}`,
        expected: `shape ${shown(shape)}`,
      });
    }
    if (shown(tensor.shape) !== shown(shape)) {
      throw dataError({
        where: `${file}, tensor ${stored}`,
        found: `shape ${shown(tensor.shape)}`,
        expected: `shape ${shown(shape)}`,
        todo: "The file belongs to a model of another configuration or vocabulary",
      });
    }
    parts.push([tensor.values, offset]);
    byName.delete(stored);
  }
  const [extra] = byName.values();
  if (extra !== undefined) {
    throw dataError({
      where: `${file}, tensor ${extra.name}`,
      found: `shape ${shown(extra.shape)}, which is not part of the model`,
      expected: layout.tensors.map(({ name }) => `${prefix}${name}`).join(", "),
      todo: "The file belongs to a model of another configuration",
    });
  }
  const vector = empty(layout.size);
  for (const [values, offset] of parts) vector.set(values, offset);
  return vector;
}

function shown(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
