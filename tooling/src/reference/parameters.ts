import { dataError, type ParameterLayout, parameterLayout } from "@kshot/contract";
import type { Golden } from "@kshot/contract/schemas";
import type { CellParameters } from "./gru-cell.js";
import type { LinearParameters } from "./linear.js";

export type ReferenceConfig = Golden["config"];

/** All parameters (or a gradient, or a direction) as views into one flat vector. */
export interface Parameters {
  readonly flat: Float64Array;
  /** [nItems, embeddingDim] */
  readonly embedding: Float64Array;
  readonly layers: readonly CellParameters[];
  readonly output: LinearParameters;
}

/** Names, shapes and order of PyTorch's `state_dict` (notebook cell 07c-06); gates r, z, n. */
export function referenceLayout(config: ReferenceConfig): ParameterLayout {
  const { nItems, embeddingDim, hiddenDim, numLayers } = config;
  const shapes: [string, number[]][] = [["embedding.weight", [nItems, embeddingDim]]];
  for (let layer = 0; layer < numLayers; layer++) {
    shapes.push([`gru.weight_ih_l${layer}`, [3 * hiddenDim, layer === 0 ? embeddingDim : hiddenDim]]);
    shapes.push([`gru.weight_hh_l${layer}`, [3 * hiddenDim, hiddenDim]]);
    shapes.push([`gru.bias_ih_l${layer}`, [3 * hiddenDim]]);
    shapes.push([`gru.bias_hh_l${layer}`, [3 * hiddenDim]]);
  }
  shapes.push(["fc.weight", [nItems, hiddenDim]], ["fc.bias", [nItems]]);
  return parameterLayout(shapes);
}

/** Views into a flat vector; zeros when none is given. */
export function parametersOf(config: ReferenceConfig, values?: Float64Array): Parameters {
  const layout = referenceLayout(config);
  const flat = values ?? new Float64Array(layout.size);
  const at = new Map(layout.tensors.map(({ name, offset, size }) => [name, flat.subarray(offset, offset + size)]));
  const tensor = (name: string) => at.get(name)!;
  return {
    flat,
    embedding: tensor("embedding.weight"),
    layers: Array.from({ length: config.numLayers }, (_, layer) => ({
      weightIh: tensor(`gru.weight_ih_l${layer}`),
      weightHh: tensor(`gru.weight_hh_l${layer}`),
      biasIh: tensor(`gru.bias_ih_l${layer}`),
      biasHh: tensor(`gru.bias_hh_l${layer}`),
    })),
    output: { weight: tensor("fc.weight"), bias: tensor("fc.bias") },
  };
}

/**
 * Lists by name → one flat vector in PyTorch's order.
 *
 * @throws a `DATA` error for a tensor that is missing or has another size.
 */
export function flatten(config: ReferenceConfig, named: Readonly<Record<string, readonly number[]>>): Float64Array {
  const layout = referenceLayout(config);
  const flat = new Float64Array(layout.size);
  for (const { name, shape, offset, size } of layout.tensors) {
    const values = named[name];
    if (values?.length !== size) {
      throw dataError({
        where: `golden values, tensor ${name}`,
        found: values === undefined ? "it is missing" : `${values.length} values`,
        expected: `${size} values, shape [${shape.join(", ")}]`,
      });
    }
    flat.set(values, offset);
  }
  return flat;
}

/** One flat vector → lists by name. */
export function unflatten(config: ReferenceConfig, flat: Float64Array): Record<string, number[]> {
  return Object.fromEntries(
    referenceLayout(config).tensors.map(({ name, offset, size }) => [
      name,
      Array.from(flat.subarray(offset, offset + size)),
    ]),
  );
}
