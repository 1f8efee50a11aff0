import { type Shape, sameShape, showShape, sizeOf, type Tensor } from "../tensor.js";
import { apply } from "../trace.js";
import { broadcastShape, requireFloat, shapeError } from "./check.js";
import { broadcastTo, reshape, transpose } from "./shape.js";

/**
 * Matrix product of the last two axes; the axes before them are batches, which are equal or broadcast.
 *
 * `[…, m, k] · […, k, n] → […, m, n]`; `transposeA` and `transposeB` swap the last two axes of an operand first.
 *
 * @throws `USAGE` for a rank below 2 or sizes that do not match
 */
export function matMul(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  requireFloat(a, "matMul");
  requireFloat(b, "matMul");
  if (a.shape.length < 2 || b.shape.length < 2) {
    throw shapeError("matMul", `shapes ${showShape(a.shape)} and ${showShape(b.shape)}`, "at least two axes each");
  }
  const [aRows, aColumns] = a.shape.slice(-2);
  const [bRows, bColumns] = b.shape.slice(-2);
  const [m, inner] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const [innerB, n] = transposeB ? [bColumns, bRows] : [bRows, bColumns];
  if (inner !== innerB) {
    const flags = `${transposeA ? " transposed" : ""} and ${showShape(b.shape)}${transposeB ? " transposed" : ""}`;
    throw shapeError("matMul", `shapes ${showShape(a.shape)}${flags}`, `equal inner sizes, not ${inner} and ${innerB}`);
  }
  if (a.shape.length === 2 && b.shape.length === 2) return apply("matMul", [a, b], { transposeA, transposeB });

  const batchA = a.shape.slice(0, -2);
  const batchB = b.shape.slice(0, -2);
  const batch = broadcastShape(batchA, batchB, "matMul");
  // One matrix for all batches: fold the batch into the rows, which also makes the matrix's derivative one product.
  if (sizeOf(batchB) === 1) {
    const rows = transposeA ? transpose(a, swapLastTwo(a.shape)) : a;
    const flat = reshape(rows, [sizeOf(batchA) * m, inner]);
    const product = apply("matMul", [flat, reshape(b, [bRows, bColumns])], { transposeA: false, transposeB });
    return reshape(product, [...batch, m, n]);
  }
  const product = apply("matMul", [stacked(a, batchA, batch), stacked(b, batchB, batch)], { transposeA, transposeB });
  return reshape(product, [...batch, m, n]);
}

// [...own, r, c] -> [batch, r, c]
function stacked(x: Tensor, own: Shape, batch: Shape): Tensor {
  const matrix = x.shape.slice(-2);
  const full = sameShape(own, batch) ? x : broadcastTo(x, [...batch, ...matrix]);
  return reshape(full, [sizeOf(batch), ...matrix]);
}

function swapLastTwo(shape: Shape): number[] {
  const order = shape.map((_, axis) => axis);
  return [...order.slice(0, -2), order.length - 1, order.length - 2];
}
