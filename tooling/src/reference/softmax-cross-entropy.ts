/** p = softmax(l) and the loss −log p[label]; the largest logit is taken off first, so nothing overflows. */
export function crossEntropyForward(logits: Float64Array, label: number): { p: Float64Array; loss: number } {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of logits) largest = Math.max(largest, value);
  const p = logits.map((value) => Math.exp(value - largest));
  let sum = 0;
  for (const value of p) sum += value;
  for (let i = 0; i < p.length; i++) p[i] /= sum;
  return { p, loss: Math.log(sum) + largest - logits[label] };
}

/** dl = (p − onehot)/B */
export function crossEntropyBackward(p: Float64Array, label: number, batchSize: number): Float64Array {
  const dl = p.map((value) => value / batchSize);
  dl[label] -= 1 / batchSize;
  return dl;
}

/** ḋl = p∘(l̇ − Σ p∘l̇)/B */
export function crossEntropyTangentBackward(p: Float64Array, dotLogits: Float64Array, batchSize: number): Float64Array {
  let expected = 0;
  for (let i = 0; i < p.length; i++) expected += p[i] * dotLogits[i];
  return p.map((value, i) => (value * (dotLogits[i] - expected)) / batchSize);
}
