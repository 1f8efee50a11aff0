import { usageError } from "@kshot/contract";
import { tensor } from "../create.js";
import { sameShape, showShape, type Tensor } from "../tensor.js";
import { apply } from "../trace.js";
import { requireFloat, resolveAxis, shapeError } from "./check.js";

/** softmax(x)_i = e^{x_i} / Σ_j e^{x_j} along the last axis; the largest entry is subtracted first, so nothing overflows. */
export function softmax(x: Tensor): Tensor {
  requireFloat(x, "softmax");
  resolveAxis(-1, x.shape.length, "softmax");
  return apply("softmax", [x], {});
}

/** log softmax(x)_i = x_i − log Σ_j e^{x_j} along the last axis, stable for entries of any size. */
export function logSoftmax(x: Tensor): Tensor {
  requireFloat(x, "logSoftmax");
  resolveAxis(-1, x.shape.length, "logSoftmax");
  return apply("logSoftmax", [x], {});
}

/**
 * −log softmax(logits)_label for each label: logits `[…, n]`, labels (made by `indices`) `[…]` → losses `[…]`.
 *
 * @throws `USAGE` for a label outside 0 … n − 1
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  requireFloat(logits, "softmaxCrossEntropy");
  const columns = logits.shape[resolveAxis(-1, logits.shape.length, "softmaxCrossEntropy")];
  if (labels.indices === null) {
    throw usageError({ where: "softmaxCrossEntropy", found: "float labels", todo: "Make labels with indices(…)" });
  }
  if (!sameShape(logits.shape.slice(0, -1), labels.shape)) {
    const found = `logits ${showShape(logits.shape)} and labels ${showShape(labels.shape)}`;
    throw shapeError("softmaxCrossEntropy", found, "one label per row of logits");
  }
  const { values, min, max } = labels.indices;
  if (min < 0 || max >= columns) {
    const found = `label ${min < 0 ? min : max}`;
    throw usageError({ where: "softmaxCrossEntropy", found, expected: `labels in 0 … ${columns - 1}` });
  }
  const targets = new Float32Array(values.length * columns);
  values.forEach((label, row) => {
    targets[row * columns + label] = 1;
  });
  return apply("crossEntropy", [logits, tensor(targets, logits.shape)], {});
}
