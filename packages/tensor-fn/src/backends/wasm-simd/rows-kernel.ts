import { type Code, FLOAT_BYTES, repeat, type WasmFunction, wasm as w } from "./assembler.js";

const [a, b, c, m, k, n, rowStride, columnStride] = [0, 1, 2, 3, 4, 5, 6, 7];
const [i, j, p, right, out, width, left] = [8, 9, 10, 11, 12, 13, 14]; // left: four row pointers, 14 … 17
const vectors = 18; // 8 sums, 2 right values
const scalars = 28; // 4 sums, 1 right value

/**
 * Outer-product form: each value of A is copied to all lanes and multiplied with a part of a row of B.
 *
 * Tiles of 4 rows by 8 columns; at the edges 1 row, and 4 columns or a scalar one.
 */
export function rowsKernel(): WasmFunction {
  return {
    name: "rows",
    parameters: 8,
    locals: [
      ["i32", 10],
      ["v128", 10],
      ["f32", 5],
    ],
    body: [
      ...w.set(width, w.mul(w.get(n), w.constant(FLOAT_BYTES))),
      ...w.set(j, w.constant(0)),
      ...strip(8),
      ...strip(4),
      ...strip(1),
    ],
  };
}

// All columns from j that a tile of this width covers.
function strip(columns: number): Code {
  return w.loop(w.lessOrEqual(w.add(w.get(j), w.constant(columns)), w.get(n)), [
    ...w.set(i, w.constant(0)),
    ...[4, 1].flatMap((height) =>
      w.loop(w.lessOrEqual(w.add(w.get(i), w.constant(height)), w.get(m)), [
        ...tile(height, columns),
        ...w.set(i, w.add(w.get(i), w.constant(height))),
      ]),
    ),
    ...w.set(j, w.add(w.get(j), w.constant(columns))),
  ]);
}

function tile(height: number, columns: number): Code {
  const scalar = columns === 1;
  const pieces = scalar ? 1 : columns / 4;
  const sum = (row: number, piece: number) => (scalar ? scalars : vectors) + row * pieces + piece;
  const rightValue = (piece: number) => (scalar ? scalars + 4 : vectors + 8 + piece);
  const multiplyAdd = (row: number, piece: number): Code =>
    scalar
      ? w.f32Add(w.get(sum(row, piece)), w.f32Mul(w.f32Load(w.get(left + row)), w.get(rightValue(piece))))
      : w.vectorAdd(w.get(sum(row, piece)), w.vectorMul(w.loadSplat(w.get(left + row)), w.get(rightValue(piece))));
  return [
    ...w.set(left, w.add(w.get(a), w.mul(w.get(i), w.get(rowStride)))),
    ...repeat(height - 1, (row) => w.set(left + row + 1, w.add(w.get(left + row), w.get(rowStride)))),
    ...w.set(right, w.add(w.get(b), w.mul(w.get(j), w.constant(FLOAT_BYTES)))),
    ...repeat(height, (row) => repeat(pieces, (piece) => w.set(sum(row, piece), scalar ? w.f32Zero() : w.zero()))),
    ...w.set(p, w.constant(0)),
    ...w.loop(w.less(w.get(p), w.get(k)), [
      ...repeat(pieces, (piece) =>
        w.set(rightValue(piece), scalar ? w.f32Load(w.get(right)) : w.load(w.get(right), piece * 4 * FLOAT_BYTES)),
      ),
      ...repeat(height, (row) => repeat(pieces, (piece) => w.set(sum(row, piece), multiplyAdd(row, piece)))),
      ...repeat(height, (row) => w.set(left + row, w.add(w.get(left + row), w.get(columnStride)))),
      ...w.set(right, w.add(w.get(right), w.get(width))),
      ...w.set(p, w.add(w.get(p), w.constant(1))),
    ]),
    ...w.set(out, w.add(w.get(c), w.mul(w.add(w.mul(w.get(i), w.get(n)), w.get(j)), w.constant(FLOAT_BYTES)))),
    ...repeat(height, (row) => [
      ...repeat(pieces, (piece) =>
        scalar
          ? w.f32Store(w.get(out), w.get(sum(row, piece)))
          : w.store(w.get(out), w.get(sum(row, piece)), piece * 4 * FLOAT_BYTES),
      ),
      ...w.set(out, w.add(w.get(out), w.get(width))),
    ]),
  ];
}
