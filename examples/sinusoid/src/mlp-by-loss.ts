import type { Engine } from "@kshot/contract";
import { engineOf } from "@kshot/engine-of";
import { add, matMul, mean, reshape, square, sub, type Tensor, tanh, tensor } from "@kshot/tensor-fn";
import type { Points } from "./mlp-engine.js";

type Layers = Readonly<Record<string, Tensor>>;

/**
 * The network of `mlpEngine` from its loss only: no derivative is written by hand. Float32.
 *
 * @param hidden widths of the hidden layers
 */
export function mlpByLoss(hidden: readonly number[]): Promise<Engine<Points>> {
  const sizes = [1, ...hidden, 1];
  const layers = sizes.slice(1).map((outputs, l) => ({ weight: [outputs, sizes[l]!], bias: [outputs] }));
  const predict = (parameters: Layers, { x }: Points) =>
    layers.reduce<Tensor>(
      (input, _, l) => {
        const out = add(
          matMul(parameters[`layers.${l}.weight`]!, input),
          reshape(parameters[`layers.${l}.bias`]!, [sizes[l + 1]!, 1]),
        );
        return l < layers.length - 1 ? tanh(out) : out;
      },
      tensor([[...x]]),
    );
  return engineOf({
    shapes: Object.fromEntries(
      layers.flatMap(
        ({ weight, bias }, l) =>
          [
            [`layers.${l}.weight`, weight],
            [`layers.${l}.bias`, bias],
          ] as const,
      ),
    ),
    loss: (parameters: Layers, points: Points) =>
      mean(square(sub(predict(parameters, points), tensor([[...points.y]])))),
    size: ({ x }) => x.length,
  });
}
