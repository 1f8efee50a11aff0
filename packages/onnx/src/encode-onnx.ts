import { type ParameterVector, usageError } from "@kshot/contract";
import { type GruConfig, gruConfig, gruParameterLayout } from "@kshot/gru-layout";
import { encodeMessage, type Field } from "./protobuf.js";

/** A GRU recommender for export as ONNX. */
export interface OnnxModel {
  readonly config: GruConfig;
  /** θ, `[layout.size]`, in the order of `gruParameterLayout(config)`. */
  readonly theta: ParameterVector;
  /** Texts stored in the model (`metadata_props`), for example the vocabulary. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Version of the operator set. 17 has all operators used here, and every runtime since 2022 reads it. */
const opset = 17;
const irVersion = 8;

// TensorProto.DataType
const float = 1;
const int32 = 6;
const int64 = 7;

/** Size limit of a protocol buffer: 2 GiB. */
const mostBytes = 2 ** 31 - 1;

/**
 * The recommender as an ONNX model: Gather → Transpose → GRU (one node a layer, `linear_before_reset = 1`) → Squeeze → Gemm.
 *
 * Inputs: `items` int64 `[batch, length]`, item numbers, the oldest first, padded at the end with any item; `lengths` int32 `[batch]`,
 * items of each row, at least 1. A history longer than `config.maxSeqLen` must be cut to its last items by the caller. Output: `logits`
 * float32 `[batch, nItems]`. Batch and length are dynamic.
 *
 * ONNX orders the gates z, r, h; PyTorch and kshot r, z, n. The first two blocks of each weight and bias are therefore exchanged.
 *
 * @returns the bytes of the file; the same model gives the same bytes
 * @throws `USAGE` for a θ of another size or a model above 2 GiB, which ONNX cannot hold in one file.
 * Source: onnx/onnx, docs/Operators.md, GRU-14; PyTorch, nn.GRU.
 * @example
 * ```js
 * import { gruConfig, initialParameters } from "@kshot/gru-layout";
 * import { encodeOnnx } from "@kshot/onnx";
 *
 * const config = gruConfig({ nItems: 3, embeddingDim: 2, hiddenDim: 2 });
 * const metadata = { items: JSON.stringify(["a", "b", "c"]) };
 * const bytes = encodeOnnx({ config, theta: initialParameters(config, 42), metadata });
 * console.log(bytes instanceof Uint8Array); // true
 * ```
 */
export function encodeOnnx({ config: given, theta, metadata = {} }: OnnxModel): Uint8Array {
  const config = gruConfig(given);
  const layout = gruParameterLayout(config);
  if (theta.length !== layout.size) {
    throw usageError({
      where: "ONNX model, theta",
      found: `${theta.length} parameters`,
      expected: `${layout.size}, as the configuration has`,
    });
  }
  if (4 * layout.size > mostBytes - 2 ** 20) {
    throw usageError({
      where: "ONNX model",
      found: `${layout.size} parameters, ${4 * layout.size} bytes`,
      expected: "less than 2 GiB, the limit of one ONNX file",
    });
  }
  const values = (name: string): Float32Array => {
    const tensor = layout.tensors.find((entry) => entry.name === name);
    if (tensor === undefined) throw new RangeError(`no tensor ${name} in the layout`);
    return Float32Array.from(theta.subarray(tensor.offset, tensor.offset + tensor.size));
  };
  const { nItems, embeddingDim, hiddenDim, numLayers } = config;
  const initializers = [floats("embedding.weight", [nItems, embeddingDim], values("embedding.weight"))];
  const nodes = [
    node("Gather", "embed", ["embedding.weight", "items"], ["embedded"]),
    node("Transpose", "time_first", ["embedded"], ["sequence_0"], [integers("perm", [1, 0, 2])]),
  ];
  for (let layer = 0; layer < numLayers; layer++) {
    const inputSize = layer === 0 ? embeddingDim : hiddenDim;
    const [w, r, b] = [`W_${layer}`, `R_${layer}`, `B_${layer}`];
    const biases = new Float32Array(6 * hiddenDim);
    biases.set(updateGateFirst(values(`gru.bias_ih_l${layer}`), hiddenDim));
    biases.set(updateGateFirst(values(`gru.bias_hh_l${layer}`), hiddenDim), 3 * hiddenDim);
    initializers.push(
      floats(
        w,
        [1, 3 * hiddenDim, inputSize],
        updateGateFirst(values(`gru.weight_ih_l${layer}`), hiddenDim * inputSize),
      ),
      floats(
        r,
        [1, 3 * hiddenDim, hiddenDim],
        updateGateFirst(values(`gru.weight_hh_l${layer}`), hiddenDim * hiddenDim),
      ),
      floats(b, [1, 6 * hiddenDim], biases),
    );
    const last = layer === numLayers - 1;
    nodes.push(
      node(
        "GRU",
        `gru_${layer}`,
        [`sequence_${layer}`, w, r, b, "lengths"],
        last ? ["", "state"] : [`states_${layer}`],
        [integer("hidden_size", hiddenDim), integer("linear_before_reset", 1)],
      ),
    );
    if (!last)
      nodes.push(node("Squeeze", `one_direction_${layer}`, [`states_${layer}`, "axis_1"], [`sequence_${layer + 1}`]));
  }
  if (numLayers > 1) initializers.push(longs("axis_1", [1]));
  initializers.push(
    longs("axis_0", [0]),
    floats("fc.weight", [nItems, hiddenDim], values("fc.weight")),
    floats("fc.bias", [nItems], values("fc.bias")),
  );
  nodes.push(
    node("Squeeze", "last_state", ["state", "axis_0"], ["hidden"]),
    node("Gemm", "output", ["hidden", "fc.weight", "fc.bias"], ["logits"], [integer("transB", 1)]),
  );
  const graph: Field[] = [
    ...nodes.map((entry): Field => [1, entry]),
    [2, "kshot"],
    ...initializers.map((entry): Field => [5, entry]),
    [11, valueInfo("items", int64, ["batch", "length"])],
    [11, valueInfo("lengths", int32, ["batch"])],
    [12, valueInfo("logits", float, ["batch", nItems])],
  ];
  return encodeMessage([
    [1, irVersion],
    [2, "kshot"],
    [7, graph],
    [
      8,
      [
        [1, ""],
        [2, opset],
      ],
    ],
    ...Object.entries(metadata).map(
      ([key, value]): Field => [
        14,
        [
          [1, key],
          [2, value],
        ],
      ],
    ),
  ]);
}

/** Blocks r, z, n → z, r, n; `block` values each. */
function updateGateFirst(values: Float32Array, block: number): Float32Array {
  const swapped = values.slice();
  swapped.set(values.subarray(block, 2 * block), 0);
  swapped.set(values.subarray(0, block), block);
  return swapped;
}

/** NodeProto. Names are unique: runtimes refuse a model where two nodes share one. */
function node(
  operator: string,
  name: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly (readonly Field[])[] = [],
): Field[] {
  return [
    ...inputs.map((input): Field => [1, input]),
    ...outputs.map((output): Field => [2, output]),
    [3, name],
    [4, operator],
    ...attributes.map((attribute): Field => [5, attribute]),
  ];
}

/** AttributeProto of type INT. */
function integer(name: string, value: number): Field[] {
  return [
    [1, name],
    [3, value],
    [20, 2],
  ];
}

/** AttributeProto of type INTS. */
function integers(name: string, values: readonly number[]): Field[] {
  return [[1, name], ...values.map((value): Field => [8, value]), [20, 7]];
}

/** TensorProto of float32. */
function floats(name: string, shape: readonly number[], values: Float32Array): Field[] {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setFloat32(4 * i, value, true);
  });
  return [...shape.map((size): Field => [1, size]), [2, float], [8, name], [9, bytes]];
}

/** TensorProto of int64, one dimension. */
function longs(name: string, values: readonly number[]): Field[] {
  return [[1, values.length], [2, int64], ...values.map((value): Field => [7, value]), [8, name]];
}

/** ValueInfoProto: a name, an element type, and dimensions that are numbers or names. */
function valueInfo(name: string, elementType: number, shape: readonly (number | string)[]): Field[] {
  const dimensions = shape.map((size): Field => [1, [typeof size === "number" ? [1, size] : [2, size]]]);
  return [
    [1, name],
    [
      2,
      [
        [
          1,
          [
            [1, elementType],
            [2, dimensions],
          ],
        ],
      ],
    ],
  ];
}
