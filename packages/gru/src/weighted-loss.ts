import { mul, softmaxCrossEntropy, sum, type Tensor } from "@kshot/tensor-fn";

/**
 * Σ weight · (−log softmax(logits)[label]) over all slots of all tasks.
 *
 * With weight 1/B on a task's B pairs and 0 on padding this is the sum of the tasks' mean losses, and because no parameter is
 * shared between tasks its gradient is each task's own. Its derivative by a weight is that slot's loss.
 *
 * @param logits `[tasks, slots, nItems]`
 * @param labels `[tasks, slots]`
 * @param weights `[tasks, slots]`
 * @returns a scalar
 */
export function weightedLoss(logits: Tensor, labels: Tensor, weights: Tensor): Tensor {
  return sum(mul(softmaxCrossEntropy(logits, labels), weights));
}
