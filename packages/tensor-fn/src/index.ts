export { type BackendName, backendInstalled, backendNames, useBackend, useGpu } from "./backends/registry.js";
export { indices, type NestedNumbers, read, readSync, scalar, tensor, zeros } from "./create.js";
export { dispose, tensorCount, tidy } from "./memory.js";
export {
  add,
  div,
  exp,
  log,
  mul,
  neg,
  type Operand,
  sigmoid,
  sqrt,
  square,
  sub,
  tanh,
} from "./ops/elementwise.js";
export { gather, gatherRows, scatterAdd, scatterRows } from "./ops/gather.js";
export { matMul } from "./ops/matmul.js";
export { mean, sum } from "./ops/reduce.js";
export { equal, greater, max, relu, where } from "./ops/select.js";
export { broadcastTo, concat, pad, reshape, slice, transpose } from "./ops/shape.js";
export { logSoftmax, softmax, softmaxCrossEntropy } from "./ops/softmax.js";
export type { Shape, Tensor } from "./tensor.js";
export { grad, type ValueAndGradient, valueAndGrad } from "./transforms/grad.js";
export {
  hessianVectorProduct,
  type ValueGradAndHessianVectorProduct,
  valueGradAndHessianVectorProduct,
} from "./transforms/hessian-vector-product.js";
export type { Like, Parameters, Tree } from "./tree.js";
