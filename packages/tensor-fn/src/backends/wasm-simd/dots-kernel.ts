import { type Code, FLOAT_BYTES, repeat, type WasmFunction, wasm as w } from "./assembler.js";

const [a, b, c, m, k, n] = [0, 1, 2, 3, 4, 5];
const [i, j, p, out, length, left, right] = [6, 7, 8, 9, 10, 11, 15]; // left: four row pointers; right: two
const sums = 17; // 8 sums, 2 right values, 1 left value
const rightVector = sums + 8;
const leftVector = sums + 10;
const total = 28;

/**
 * Inner-product form: rows of A against rows of B, four products at a time, added up across the lanes at the end.
 *
 * Tiles of 4 rows by 2 columns; at the edges 1 row and 1 column.
 */
export function dotsKernel(): WasmFunction {
  return {
    name: "dots",
    parameters: 6,
    locals: [
      ["i32", 11],
      ["v128", 11],
      ["f32", 1],
    ],
    body: [
      ...w.set(length, w.mul(w.get(k), w.constant(FLOAT_BYTES))),
      ...w.set(i, w.constant(0)),
      ...[4, 1].flatMap((height) =>
        w.loop(w.lessOrEqual(w.add(w.get(i), w.constant(height)), w.get(m)), [
          ...w.set(j, w.constant(0)),
          ...[2, 1].flatMap((columns) =>
            w.loop(w.lessOrEqual(w.add(w.get(j), w.constant(columns)), w.get(n)), [
              ...tile(height, columns),
              ...w.set(j, w.add(w.get(j), w.constant(columns))),
            ]),
          ),
          ...w.set(i, w.add(w.get(i), w.constant(height))),
        ]),
      ),
    ],
  };
}

function tile(height: number, columns: number): Code {
  const sum = (row: number, column: number) => sums + row * columns + column;
  const advance = (bytes: number): Code => [
    ...repeat(height, (row) => w.set(left + row, w.add(w.get(left + row), w.constant(bytes)))),
    ...repeat(columns, (column) => w.set(right + column, w.add(w.get(right + column), w.constant(bytes)))),
  ];
  const accumulate = (load: (address: Code) => Code): Code => [
    ...repeat(columns, (column) => w.set(rightVector + column, load(w.get(right + column)))),
    ...repeat(height, (row) => [
      ...w.set(leftVector, load(w.get(left + row))),
      ...repeat(columns, (column) =>
        w.set(
          sum(row, column),
          w.vectorAdd(w.get(sum(row, column)), w.vectorMul(w.get(leftVector), w.get(rightVector + column))),
        ),
      ),
    ]),
  ];
  return [
    ...w.set(left, w.add(w.get(a), w.mul(w.get(i), w.get(length)))),
    ...repeat(height - 1, (row) => w.set(left + row + 1, w.add(w.get(left + row), w.get(length)))),
    ...w.set(right, w.add(w.get(b), w.mul(w.get(j), w.get(length)))),
    ...repeat(columns - 1, (column) => w.set(right + column + 1, w.add(w.get(right + column), w.get(length)))),
    ...repeat(height, (row) => repeat(columns, (column) => w.set(sum(row, column), w.zero()))),
    ...w.set(p, w.constant(4)),
    ...w.loop(w.lessOrEqual(w.get(p), w.get(k)), [
      ...accumulate((address) => w.load(address)),
      ...advance(4 * FLOAT_BYTES),
      ...w.set(p, w.add(w.get(p), w.constant(4))),
    ]),
    // The last k mod 4 products: one float in lane 0, zeros in the others.
    ...w.set(p, w.sub(w.get(p), w.constant(4))),
    ...w.loop(w.less(w.get(p), w.get(k)), [
      ...accumulate((address) => w.loadOne(address)),
      ...advance(FLOAT_BYTES),
      ...w.set(p, w.add(w.get(p), w.constant(1))),
    ]),
    ...w.set(out, w.add(w.get(c), w.mul(w.add(w.mul(w.get(i), w.get(n)), w.get(j)), w.constant(FLOAT_BYTES)))),
    ...repeat(height, (row) => [
      ...repeat(columns, (column) => [
        ...w.set(total, across(sum(row, column))),
        ...w.f32Store(w.get(out), w.get(total), column * FLOAT_BYTES),
      ]),
      ...w.set(out, w.add(w.get(out), w.mul(w.get(n), w.constant(FLOAT_BYTES)))),
    ]),
  ];
}

function across(vector: number): Code {
  const lane = (index: number) => w.lane(w.get(vector), index);
  return w.f32Add(w.f32Add(lane(0), lane(1)), w.f32Add(lane(2), lane(3)));
}
