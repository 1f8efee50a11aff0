import { scalar } from "../create.js";
import type { OpName } from "../derivatives.js";
import type { Tensor } from "../tensor.js";
import { apply } from "../trace.js";
import { broadcastShape, requireFloat } from "./check.js";

/** A tensor, or a number used as a scalar. */
export type Operand = Tensor | number;

/** An operand as a tensor. */
export function operand(x: Operand): Tensor {
  return typeof x === "number" ? scalar(x) : x;
}

/**
 * a + b, broadcasting as NumPy.
 *
 * @throws `USAGE` for shapes that do not broadcast, as do `sub`, `mul` and `div`
 */
export function add(a: Operand, b: Operand): Tensor {
  return binary("add", a, b);
}

/** a − b, broadcasting as NumPy. */
export function sub(a: Operand, b: Operand): Tensor {
  return binary("sub", a, b);
}

/** a · b by element, broadcasting as NumPy. */
export function mul(a: Operand, b: Operand): Tensor {
  return binary("mul", a, b);
}

/** a / b by element, broadcasting as NumPy. */
export function div(a: Operand, b: Operand): Tensor {
  return binary("div", a, b);
}

/** −x. */
export function neg(x: Tensor): Tensor {
  return unary("neg", x);
}

/** x². */
export function square(x: Tensor): Tensor {
  return unary("square", x);
}

/** eˣ. */
export function exp(x: Tensor): Tensor {
  return unary("exp", x);
}

/** Natural logarithm; −∞ at 0, NaN below. */
export function log(x: Tensor): Tensor {
  return unary("log", x);
}

/** σ(x) = 1 / (1 + e⁻ˣ). */
export function sigmoid(x: Tensor): Tensor {
  return unary("sigmoid", x);
}

/** √x; NaN below 0, and no derivative at 0. */
export function sqrt(x: Tensor): Tensor {
  return unary("sqrt", x);
}

/** tanh(x). */
export function tanh(x: Tensor): Tensor {
  return unary("tanh", x);
}

function unary(
  name: Extract<OpName, "neg" | "square" | "exp" | "log" | "sigmoid" | "sqrt" | "tanh">,
  x: Tensor,
): Tensor {
  requireFloat(x, name);
  return apply(name, [x], {});
}

function binary(name: Extract<OpName, "add" | "sub" | "mul" | "div">, a: Operand, b: Operand): Tensor {
  const [left, right] = [operand(a), operand(b)];
  requireFloat(left, name);
  requireFloat(right, name);
  broadcastShape(left.shape, right.shape, name);
  return apply(name, [left, right], {});
}
