import { gruConfig, gruParameterLayout, initialParameters } from "@kshot/gru-layout";
import { encodeSafetensors, type Tensor } from "@kshot/store/safetensors";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A small model of five courses, K = 3; a test can set every setting. */
export interface TestModel {
  readonly algorithm?: string;
  readonly items?: readonly string[];
  readonly titles?: readonly string[];
  readonly layers?: number;
  readonly maxSeqLen?: number;
  readonly rate?: number | null;
  readonly config?: Record<string, unknown>;
  readonly learner?: Record<string, unknown>;
}

const letters = ["a", "b", "c", "d", "e", "f", "g"];

/** Metadata, θ and α of a small model with random weights. */
export function testModel({
  algorithm = "meta-sgd",
  items = letters,
  titles,
  layers = 1,
  maxSeqLen = 4,
  rate = 0.5,
  config = {},
  learner = {},
}: TestModel = {}) {
  const shape = gruConfig({
    nItems: items.length,
    embeddingDim: 5,
    hiddenDim: 6,
    numLayers: layers,
    dropout: 0,
    maxSeqLen,
  });
  const layout = gruParameterLayout(shape);
  const theta = initialParameters(shape, xoroshiro128plus(7));
  const alpha = rate === null ? null : new Float32Array(layout.size).fill(rate);
  const metadata = {
    format: "kshot.model/1",
    algorithm,
    items,
    ...(titles ? { titles } : {}),
    config: {
      K: 3,
      gru_config: { embedding_dim: 5, hidden_dim: 6, num_layers: layers, dropout: 0, max_seq_len: maxSeqLen },
      metasgd_config: { mask: "carry", num_inner_steps: 2, inner_clip: null, context: false, ...learner },
      ...config,
    },
  };
  return { shape, layout, theta, alpha, metadata };
}

/** The files of a model: θ and α in one file, or in two. */
export function modelFiles(options: TestModel = {}) {
  const { layout, theta, alpha, metadata } = testModel(options);
  const tensors = (values: Float32Array, prefix = ""): Tensor[] =>
    layout.tensors.map(({ name, shape, offset, size }) => ({
      name: `${prefix}${name}`,
      shape,
      values: values.subarray(offset, offset + size),
    }));
  const text = (kind: string) => ({ kshot: JSON.stringify({ ...metadata, kind }) });
  return {
    whole: encodeSafetensors([...tensors(theta), ...(alpha ? tensors(alpha, "alpha.") : [])], text("theta")),
    theta: encodeSafetensors(tensors(theta), text("theta")),
    alpha: alpha ? encodeSafetensors(tensors(alpha, "alpha."), text("alpha")) : undefined,
  };
}
