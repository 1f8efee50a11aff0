import { usageError } from "@kshot/contract";
import { encodeOnnx } from "@kshot/onnx";
import { type Answer, type History, openModel, openRecommender } from "@kshot/recommend";
import { fileBegins, type ReplaceRule, requireReplaceable, writeFileAtomic } from "@kshot/store";

/** Options of `writeOnnxModel`. */
export interface OnnxModelOptions {
  /** File of a saved model, absolute. */
  readonly model: string;
  /** ONNX file to write, absolute. */
  readonly out: string;
  /** Fits the model to this history first; left out: the model as trained. */
  readonly history?: History;
}

/** An ONNX model of kshot begins with IR version 8 and the producer's name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the bytes of the protocol buffer
const overEarlierModel: ReplaceRule = { wrote: (file) => fileBegins(file, /^\u0008\u0008\u0012\u0005kshot/) };

/**
 * Writes a model as ONNX: θ, or the weights after the inner steps on one person's history. Vocabulary, titles and the largest length of a
 * history are stored as metadata.
 *
 * @returns the history that the model was fitted to; undefined without a history
 * @throws `USAGE` for a model with `mask: notebook`, which after its steps does not read the last state of the graph; for an
 *   unknown item; for a path that cannot be written. `DATA` for a model that cannot be opened.
 */
export async function writeOnnxModel({
  model,
  out,
  history,
}: OnnxModelOptions): Promise<{ readonly fitted: Answer["adapted"] | undefined }> {
  const rule = { ...overEarlierModel, inputs: [model] };
  await requireReplaceable(out, rule);
  const { shape, theta, metadata, rules } = await openModel(model);
  if (rules.mask === "notebook") {
    throw usageError({
      where: model,
      found: "a model with mask: notebook, whose output layer is read at padded positions after the inner steps",
      expected: "a model with mask: carry, whose last state ONNX can read",
      todo: "Train it again with --mask carry",
    });
  }
  let fitted: Answer["adapted"] | undefined;
  let values = theta;
  if (history !== undefined) {
    const recommender = await openRecommender(model);
    try {
      const person = await recommender.fit(history);
      values = await person.parameters();
      fitted = person.adapted;
    } finally {
      recommender.close();
    }
  }
  const { items, titles, algorithm, config } = metadata;
  const texts = {
    items: JSON.stringify(items),
    ...(titles === undefined ? {} : { titles: JSON.stringify(titles) }),
    ...{ algorithm, maxSeqLen: `${config.maxSeqLen}` },
  };
  await writeFileAtomic(out, encodeOnnx({ config: shape, theta: values, metadata: texts }), rule);
  return { fitted };
}
