import {
  type Batch,
  type Engine,
  type Logits,
  type ParameterVector,
  parameterLayout,
  usageError,
} from "@kshot/contract";

/** Points of a curve. */
export interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

interface PointBatch extends Batch {
  readonly points: Points;
}

/** Offset of a layer in the flat parameters: weight `[outputs, inputs]` row-major, then bias `[outputs]`. */
interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weight: number;
  readonly bias: number;
}

/**
 * An engine for a multi-layer perceptron from one number to one number: tanh between layers, mean squared error, float64.
 *
 *     a_l = W_l x_{l−1} + b_l,  x_l = tanh a_l (the last layer: x_l = a_l),  L = mean (x_L − y)²
 *
 * `hidden`: widths of the hidden layers, [40, 40] in the MAML paper. `logits` are the predictions, `[points, 1]`.
 */
export function mlpEngine(hidden: readonly number[]): Engine<Points> {
  const sizes = [1, ...hidden, 1];
  const layout = parameterLayout(
    sizes.slice(1).flatMap((outputs, l): [string, number[]][] => [
      [`layers.${l}.weight`, [outputs, sizes[l]!]],
      [`layers.${l}.bias`, [outputs]],
    ]),
  );
  const layers = sizes.slice(1).map(
    (outputs, l): Layer => ({
      inputs: sizes[l]!,
      outputs,
      weight: layout.tensors[2 * l]!.offset,
      bias: layout.tensors[2 * l + 1]!.offset,
    }),
  );
  const batch = (points: Points): PointBatch => {
    if (points.x.length === 0 || points.x.length !== points.y.length) {
      throw usageError({
        where: "points",
        found: `${points.x.length} x and ${points.y.length} y`,
        expected: "as many, at least one",
      });
    }
    return { size: points.x.length, points };
  };
  return {
    description: { name: "mlp", backend: "typescript", workers: 1 },
    layout,
    vector: () => new Float64Array(layout.size),
    batch,
    task: (support, query) => ({ support: batch(support), query: batch(query) }),
    gradients: async (thetas, batches) => {
      const results = batches.map((b, i) => gradient(layers, thetas[i]!, (b as PointBatch).points));
      return { losses: results.map(({ loss }) => loss), gradients: results.map((result) => result.gradient) };
    },
    hessianVectorProducts: async (thetas, batches, directions) =>
      batches.map((b, i) => hessianVectorProduct(layers, thetas[i]!, (b as PointBatch).points, directions[i]!)),
    logits: async (thetas, batches) =>
      batches.map((b, i): Logits => {
        const { x } = (b as PointBatch).points;
        return {
          rows: x.length,
          columns: 1,
          values: Float64Array.from(x, (at) => forward(layers, thetas[i]!, at).at(-1)![0]!),
        };
      }),
    dispose: () => {},
  };
}

/** Activations x_0 … x_L of one point. */
function forward(layers: readonly Layer[], theta: ParameterVector, x: number): Float64Array[] {
  const activations: Float64Array[] = [Float64Array.of(x)];
  for (const [l, layer] of layers.entries()) {
    const out = affine(layer, theta, activations[l]!);
    if (l < layers.length - 1) for (let i = 0; i < out.length; i++) out[i] = Math.tanh(out[i]!);
    activations.push(out);
  }
  return activations;
}

/** Loss and gradient by backpropagation: δ_L = 2(x_L − y)/B, dW += δ ⊗ x, δ_{l−1} = W_lᵀδ_l ∘ (1 − x²). */
function gradient(layers: readonly Layer[], theta: ParameterVector, { x, y }: Points) {
  const sum = new Float64Array(theta.length);
  let loss = 0;
  for (let p = 0; p < x.length; p++) {
    const activations = forward(layers, theta, x[p]!);
    const error = activations.at(-1)![0]! - y[p]!;
    loss += (error * error) / x.length;
    let delta: Float64Array = Float64Array.of((2 * error) / x.length);
    for (let l = layers.length - 1; l >= 0; l--) {
      const layer = layers[l]!;
      const input = activations[l]!;
      addOuter(layer, sum, delta, input);
      addTo(sum, layer.bias, delta);
      if (l === 0) break;
      const back = transposed(layer, theta, delta);
      for (let i = 0; i < back.length; i++) back[i]! *= 1 - input[i]! ** 2;
      delta = back;
    }
  }
  return { loss, gradient: sum };
}

/**
 * H u: forward and backward once more with a tangent (dot) on every quantity, θ̇ = u. Each product of a weight and a value gives two terms:
 *
 *     ȧ = Wẋ + Ux + u_b,  ẋ = ȧ∘(1 − x²);  dẆ = δ̇ ⊗ x + δ ⊗ ẋ,  ḋx = Wᵀδ̇ + Uᵀδ,  δ̇ = ḋx∘(1 − x²) − 2 dx∘x∘ẋ
 */
function hessianVectorProduct(
  layers: readonly Layer[],
  theta: ParameterVector,
  { x, y }: Points,
  u: ParameterVector,
): Float64Array {
  const sum = new Float64Array(theta.length);
  for (let p = 0; p < x.length; p++) {
    const activations = forward(layers, theta, x[p]!);
    const tangents: Float64Array[] = [new Float64Array(1)];
    for (const [l, layer] of layers.entries()) {
      const out = affine(layer, u, activations[l]!);
      addMatrixVector(layer, theta, tangents[l]!, out);
      const value = activations[l + 1]!;
      if (l < layers.length - 1) for (let i = 0; i < out.length; i++) out[i]! *= 1 - value[i]! ** 2;
      tangents.push(out);
    }
    let delta: Float64Array = Float64Array.of((2 * (activations.at(-1)![0]! - y[p]!)) / x.length);
    let deltaDot: Float64Array = Float64Array.of((2 * tangents.at(-1)![0]!) / x.length);
    for (let l = layers.length - 1; l >= 0; l--) {
      const layer = layers[l]!;
      const [input, inputDot] = [activations[l]!, tangents[l]!];
      addOuter(layer, sum, deltaDot, input);
      addOuter(layer, sum, delta, inputDot);
      addTo(sum, layer.bias, deltaDot);
      if (l === 0) break;
      const back = transposed(layer, theta, delta);
      const backDot = transposed(layer, theta, deltaDot);
      addTo(backDot, 0, transposed(layer, u, delta));
      for (let i = 0; i < back.length; i++) {
        const slope = 1 - input[i]! ** 2;
        backDot[i] = backDot[i]! * slope - 2 * back[i]! * input[i]! * inputDot[i]!;
        back[i]! *= slope;
      }
      [delta, deltaDot] = [back, backDot];
    }
  }
  return sum;
}

/** W x + b, `[outputs]`. */
function affine(layer: Layer, theta: ParameterVector, x: Float64Array): Float64Array {
  const out = new Float64Array(layer.outputs);
  addTo(out, 0, theta.subarray(layer.bias, layer.bias + layer.outputs));
  addMatrixVector(layer, theta, x, out);
  return out;
}

/** out += W x. */
function addMatrixVector(
  { inputs, outputs, weight }: Layer,
  theta: ParameterVector,
  x: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < outputs; i++) {
    const row = weight + i * inputs;
    let sum = 0;
    for (let j = 0; j < inputs; j++) sum += theta[row + j]! * x[j]!;
    out[i]! += sum;
  }
}

/** Wᵀ δ, `[inputs]`. */
function transposed({ inputs, outputs, weight }: Layer, theta: ParameterVector, delta: Float64Array): Float64Array {
  const out = new Float64Array(inputs);
  for (let i = 0; i < outputs; i++) {
    const row = weight + i * inputs;
    const d = delta[i]!;
    for (let j = 0; j < inputs; j++) out[j]! += theta[row + j]! * d;
  }
  return out;
}

/** dW += δ ⊗ x. */
function addOuter({ inputs, outputs, weight }: Layer, sum: Float64Array, delta: Float64Array, x: Float64Array): void {
  for (let i = 0; i < outputs; i++) {
    const row = weight + i * inputs;
    const d = delta[i]!;
    for (let j = 0; j < inputs; j++) sum[row + j]! += d * x[j]!;
  }
}

function addTo(out: Float64Array, offset: number, values: ParameterVector): void {
  for (let i = 0; i < values.length; i++) out[offset + i]! += values[i]!;
}
