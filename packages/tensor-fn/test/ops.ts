/** The operations under test, over any kind of tensor: tensor-fn's, or the float64 reference. */
export interface Ops<T> {
  add(a: T, b: T): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T): T;
  div(a: T, b: T): T;
  neg(x: T): T;
  square(x: T): T;
  exp(x: T): T;
  log(x: T): T;
  sigmoid(x: T): T;
  sqrt(x: T): T;
  tanh(x: T): T;
  relu(x: T): T;
  greater(a: T, b: T): T;
  equal(a: T, b: T): T;
  where(condition: T, a: T, b: T): T;
  max(x: T, axes?: readonly number[], keepDims?: boolean): T;
  sum(x: T, axes?: readonly number[], keepDims?: boolean): T;
  mean(x: T, axes?: readonly number[], keepDims?: boolean): T;
  broadcastTo(x: T, shape: readonly number[]): T;
  reshape(x: T, shape: readonly number[]): T;
  transpose(x: T, perm?: readonly number[]): T;
  slice(x: T, begin: readonly number[], size: readonly number[]): T;
  pad(x: T, paddings: readonly (readonly [number, number])[]): T;
  concat(list: readonly T[], axis: number): T;
  matMul(a: T, b: T, transposeA?: boolean, transposeB?: boolean): T;
  gather(x: T, indices: T, axis?: number): T;
  scatterAdd(x: T, indices: T, axis: number, size: number): T;
  gatherRows(table: T, indices: T): T;
  scatterRows(x: T, indices: T, rows: number): T;
  softmax(x: T): T;
  logSoftmax(x: T): T;
  softmaxCrossEntropy(logits: T, labels: T): T;
  tensor(values: readonly number[], shape: readonly number[]): T;
  indices(values: readonly number[], shape: readonly number[]): T;
}
