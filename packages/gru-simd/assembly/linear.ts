import { columnSums } from "./column-sums";
import { outerProduct } from "./outer-product";
import { product } from "./product";
import { productTransposed } from "./product-transposed";
import { repeatRow } from "./rows";
import { hiddenPadded, itemsPadded, outputBias, outputWeight } from "./shape";
import { Target } from "./target";

/** l = W h + b for each of `m` rows. */
export function linearForward(m: i32, logits: usize, h: usize, dense: usize): void {
  repeatRow(logits, dense + outputBias(), m, itemsPadded);
  productTransposed(logits, h, dense + outputWeight(), m, itemsPadded, hiddenPadded);
}

/** dh = Wᵀ dl. */
export function linearBackward(m: i32, dh: usize, dLogits: usize, dense: usize): void {
  memory.fill(dh, 0, (usize(m) * hiddenPadded) << 2);
  product(dh, dLogits, dense + outputWeight(), m, itemsPadded, hiddenPadded);
}

/** dW = Σ dl ⊗ h, db = Σ dl. */
export function linearWeightGradients(m: i32, dLogits: usize, h: usize, target: Target): void {
  outerProduct(target, outputWeight(), itemsPadded, hiddenPadded, dLogits, h, m);
  columnSums(target, outputBias(), itemsPadded, dLogits, m);
}

/** l̇ = W ḣ + U h + u_b. */
export function linearTangentForward(m: i32, tLogits: usize, h: usize, tH: usize, dense: usize, u: usize): void {
  linearForward(m, tLogits, h, u);
  productTransposed(tLogits, tH, dense + outputWeight(), m, itemsPadded, hiddenPadded);
}

/** ḋh = Wᵀ ḋl + Uᵀ dl. */
export function linearTangentBackward(m: i32, tDh: usize, dLogits: usize, tDLogits: usize, dense: usize, u: usize): void {
  linearBackward(m, tDh, tDLogits, dense);
  product(tDh, dLogits, u + outputWeight(), m, itemsPadded, hiddenPadded);
}

/** ḋW = Σ ḋl ⊗ h + dl ⊗ ḣ, ḋb = Σ ḋl. */
export function linearTangentWeightGradients(m: i32, dLogits: usize, tDLogits: usize, h: usize, tH: usize, target: Target): void {
  outerProduct(target, outputWeight(), itemsPadded, hiddenPadded, tDLogits, h, m, dLogits, tH, m);
  columnSums(target, outputBias(), itemsPadded, tDLogits, m);
}
