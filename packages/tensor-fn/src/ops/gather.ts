import { usageError } from "@kshot/contract";
import { indices as indexTensor } from "../create.js";
import { type HostIndices, type Shape, sameShape, showShape, sizeOf, type Tensor } from "../tensor.js";
import { apply } from "../trace.js";
import { requireFloat, resolveAxis, shapeError } from "./check.js";
import { reshape, transpose } from "./shape.js";

/**
 * The entries of x at `indices` along `axis`: `[…, n, …]` and indices `[m…]` → `[…, m…, …]`.
 *
 * @throws `USAGE` for an index outside 0 … n − 1
 */
export function gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
  requireFloat(x, "gather");
  const along = resolveAxis(axis, x.shape.length, "gather");
  requireIndices(indices, x.shape[along], "gather");
  const picked = apply("gather", [x], { indices: flat(indices), axis: along });
  return reshape(picked, [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)]);
}

/**
 * Adds the entries of x along `axis` into `size` zeros at `indices`, summing where an index repeats: the adjoint of `gather`.
 *
 * x `[…, m…, …]` with indices `[m…]` → `[…, size, …]`; `axis` is where the index axes begin.
 *
 * @throws `USAGE` for an index outside 0 … size − 1
 */
export function scatterAdd(x: Tensor, indices: Tensor, axis: number, size: number): Tensor {
  requireFloat(x, "scatterAdd");
  requireIndices(indices, size, "scatterAdd");
  const along = resolveAxis(axis, x.shape.length, "scatterAdd");
  const before = x.shape.slice(0, along);
  const after = x.shape.slice(along + indices.shape.length);
  if (!sameShape(x.shape.slice(along, along + indices.shape.length), indices.shape)) {
    throw shapeError(
      "scatterAdd",
      `shape ${showShape(x.shape)} with indices ${showShape(indices.shape)}`,
      `the indices' shape at axis ${along}`,
    );
  }
  const [outer, count, inner] = [sizeOf(before), sizeOf(indices.shape), sizeOf(after)];
  const blocks = transpose(reshape(x, [outer, count, inner]), [1, 0, 2]);
  const sums = apply("scatterAdd", [reshape(blocks, [count, outer * inner])], { indices: flat(indices), size });
  return reshape(transpose(reshape(sums, [size, outer, inner]), [1, 0, 2]), [...before, size, ...after]);
}

/**
 * Rows of a table, or of one table per batch: table `[n, d]`, indices `[m…]` → `[m…, d]`; table `[T, n, d]`, indices
 * `[T, m]` → `[T, m, d]`.
 *
 * @throws `USAGE` for an index outside 0 … n − 1
 */
export function gatherRows(table: Tensor, indices: Tensor): Tensor {
  if (table.shape.length === 2) return gather(table, indices, 0);
  const [batch, rows, width] = requireBatch(table.shape, indices, "gatherRows");
  requireIndices(indices, rows, "gatherRows");
  const picked = gather(reshape(table, [batch * rows, width]), offset(indices, rows), 0);
  return reshape(picked, [batch, indices.shape[1], width]);
}

/**
 * Adds rows into tables of `rows` zeros: the adjoint of `gatherRows`. x `[m…, d]`, indices `[m…]` → `[rows, d]`; with
 * `batched` x `[T, m, d]`, indices `[T, m]` → `[T, rows, d]`.
 *
 * @throws `USAGE` for an index outside 0 … rows − 1
 */
export function scatterRows(x: Tensor, indices: Tensor, rows: number, batched = indices.shape.length === 2): Tensor {
  if (!batched) return scatterAdd(x, indices, 0, rows);
  const [batch, count, width] = requireBatch(x.shape, indices, "scatterRows");
  if (count !== indices.shape[1]) {
    throw shapeError("scatterRows", `${count} rows for indices ${showShape(indices.shape)}`, "one row per index");
  }
  requireIndices(indices, rows, "scatterRows");
  const sums = scatterAdd(reshape(x, [batch * count, width]), offset(indices, rows), 0, batch * rows);
  return reshape(sums, [batch, rows, width]);
}

// The tables of the batch follow each other: table t begins at row t · rows.
function offset(indices: Tensor, rows: number): Tensor {
  const count = indices.shape[1];
  const values = requireHost(indices, "gatherRows").values;
  return indexTensor(
    values.map((value, i) => value + Math.floor(i / count) * rows),
    [values.length],
  );
}

function flat(indices: Tensor): Tensor {
  if (indices.shape.length === 1) return indices;
  const { values } = requireHost(indices, "gather");
  return indexTensor(values, [values.length]);
}

function requireBatch(shape: Shape, indices: Tensor, where: string): Shape {
  if (shape.length === 3 && indices.shape.length === 2 && shape[0] === indices.shape[0]) return shape;
  throw shapeError(
    where,
    `shapes ${showShape(shape)} and ${showShape(indices.shape)}`,
    "[batch, rows, columns] and indices [batch, count]",
  );
}

function requireIndices(indices: Tensor, size: number, where: string): void {
  const { min, max } = requireHost(indices, where);
  if (min >= 0 && max < size) return;
  throw usageError({ where, found: `index ${min < 0 ? min : max}`, expected: `indices in 0 … ${size - 1}` });
}

function requireHost(indices: Tensor, where: string): HostIndices {
  if (indices.indices !== null) return indices.indices;
  throw usageError({ where, found: "a float tensor as indices", todo: "Make index tensors with indices(…)" });
}
