import {
  hidden,
  hiddenBias,
  hiddenPadded,
  hiddenWeight,
  inputBias,
  inputPadded,
  inputWeight,
  inputWidth,
  items,
  itemsPadded,
  layers,
  outputBias,
  outputWeight,
} from "./shape";

/** Directions. A number and not a class each: the code is a third, and a row is long. */
enum Way {
  Pack,
  Unpack,
  Add,
}

/** Whether `pack` saw a value that is NaN or infinite: one with the largest exponent. */
let infinite: bool = false;

/** Conversion between the caller's order (PyTorch's, no padding) and panels; false if a value is not finite. */
export function pack(exchange: usize, dense: usize): bool {
  infinite = false;
  move(exchange, dense, Way.Pack);
  return !infinite;
}
export function unpack(dense: usize, exchange: usize): void {
  move(exchange, dense, Way.Unpack);
}
/** sum += dense, where `sum` is in the caller's order. */
export function addUnpacked(dense: usize, sum: usize): void {
  move(sum, dense, Way.Add);
}

function move(exchange: usize, dense: usize, way: Way): void {
  for (let layer = 0; layer < layers; layer++) {
    const width = inputWidth(layer);
    exchange = moveMatrix(exchange, dense + inputWeight(layer), 3, hidden, hiddenPadded, width, inputPadded(layer), way);
    exchange = moveMatrix(exchange, dense + hiddenWeight(layer), 3, hidden, hiddenPadded, hidden, hiddenPadded, way);
    exchange = moveBias(exchange, dense + inputBias(layer), 3, hidden, hiddenPadded, way);
    exchange = moveBias(exchange, dense + hiddenBias(layer), 3, hidden, hiddenPadded, way);
  }
  exchange = moveMatrix(exchange, dense + outputWeight(), 1, items, itemsPadded, hidden, hiddenPadded, way);
  moveBias(exchange, dense + outputBias(), 1, items, itemsPadded, way);
}

/** `blocks` blocks of `rows` rows each (the gates are padded one by one); returns where the next tensor starts. */
function moveMatrix(
  exchange: usize,
  panels: usize,
  blocks: i32,
  rows: i32,
  rowsPadded: i32,
  columns: i32,
  columnsPadded: i32,
  way: Way,
): usize {
  const whole = columns & ~3;
  let largest = i32x4.splat(0);
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < rows; i++) {
      const row = block * rowsPadded + i;
      const panel = panels + ((usize(row >> 3) * columnsPadded) << 5) + ((row & 7) << 4);
      if (way == Way.Pack) {
        for (let c = 0; c < whole; c += 4) {
          const four = v128.load(exchange + (c << 2));
          v128.store(panel + (c << 5), four);
          largest = i32x4.max_s(largest, v128.and(four, i32x4.splat(0x7fffffff)));
        }
      } else if (way == Way.Unpack) {
        for (let c = 0; c < whole; c += 4) v128.store(exchange + (c << 2), v128.load(panel + (c << 5)));
      } else {
        for (let c = 0; c < whole; c += 4) {
          const at = exchange + (c << 2);
          v128.store(at, f32x4.add(v128.load(at), v128.load(panel + (c << 5))));
        }
      }
      for (let c = whole; c < columns; c++) moveOne(exchange + (c << 2), panel + (whole << 5) + ((c & 3) << 2), way);
      exchange += columns << 2;
    }
    if (way == Way.Pack) clearPadding(panels, block * rowsPadded, rows, rowsPadded, columns, columnsPadded);
  }
  if (v128.any_true(i32x4.gt_s(largest, i32x4.splat(0x7f7fffff)))) infinite = true;
  return exchange;
}

/** Zeros in the padding of one block: steps in place that overflow leave NaN there, which every later product would read. */
function clearPadding(panels: usize, first: i32, rows: i32, rowsPadded: i32, columns: i32, columnsPadded: i32): void {
  for (let i = 0; i < rowsPadded; i++) {
    const row = first + i;
    const panel = panels + ((usize(row >> 3) * columnsPadded) << 5) + ((row & 7) << 4);
    for (let c = i < rows ? columns : 0; c < columnsPadded; c++) store<f32>(panel + ((c & ~3) << 5) + ((c & 3) << 2), 0);
  }
}

function moveBias(exchange: usize, bias: usize, blocks: i32, rows: i32, rowsPadded: i32, way: Way): usize {
  for (let block = 0; block < blocks; block++) {
    const panel = bias + ((block * rowsPadded) << 2);
    for (let i = 0; i < rows; i++) moveOne(exchange + (i << 2), panel + (i << 2), way);
    if (way == Way.Pack) memory.fill(panel + (rows << 2), 0, (rowsPadded - rows) << 2);
    exchange += rows << 2;
  }
  return exchange;
}

function moveOne(exchange: usize, panel: usize, way: Way): void {
  if (way == Way.Pack) {
    store<f32>(panel, load<f32>(exchange));
    if ((load<i32>(exchange) & 0x7fffffff) > 0x7f7fffff) infinite = true;
  } else store<f32>(exchange, load<f32>(panel) + (way == Way.Add ? load<f32>(exchange) : 0));
}
