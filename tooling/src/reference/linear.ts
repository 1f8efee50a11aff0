import { add, addOuterProduct, addProduct, addTransposedProduct } from "./matrix.js";

/** The output layer's parameters, or their gradient, or a direction. */
export interface LinearParameters {
  /** [out, in] */
  readonly weight: Float64Array;
  /** [out] */
  readonly bias: Float64Array;
}

/** y = W x + b */
export function linearForward(p: LinearParameters, x: Float64Array): Float64Array {
  const y = p.bias.slice();
  addProduct(y, p.weight, x);
  return y;
}

/** Adds dy ⊗ x and dy to the gradient; returns dx = Wᵀ dy. */
export function linearBackward(
  p: LinearParameters,
  x: Float64Array,
  dy: Float64Array,
  gradient: LinearParameters,
): Float64Array {
  addOuterProduct(gradient.weight, dy, x);
  add(gradient.bias, dy);
  const dx = new Float64Array(x.length);
  addTransposedProduct(dx, p.weight, dy);
  return dx;
}

/** ẏ = W ẋ + U x + u_b */
export function linearTangentForward(
  p: LinearParameters,
  u: LinearParameters,
  x: Float64Array,
  dotX: Float64Array,
): Float64Array {
  const dotY = u.bias.slice();
  addProduct(dotY, p.weight, dotX);
  addProduct(dotY, u.weight, x);
  return dotY;
}

/** Adds ḋy ⊗ x + dy ⊗ ẋ and ḋy to the product; returns ḋx = Wᵀ ḋy + Uᵀ dy. */
export function linearTangentBackward(
  p: LinearParameters,
  u: LinearParameters,
  { x, dotX, dy, dotDy }: { x: Float64Array; dotX: Float64Array; dy: Float64Array; dotDy: Float64Array },
  product: LinearParameters,
): Float64Array {
  addOuterProduct(product.weight, dotDy, x);
  addOuterProduct(product.weight, dy, dotX);
  add(product.bias, dotDy);
  const dotDx = new Float64Array(x.length);
  addTransposedProduct(dotDx, p.weight, dotDy);
  addTransposedProduct(dotDx, u.weight, dy);
  return dotDx;
}
