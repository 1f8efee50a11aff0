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

/** One class per direction, so that each has separate loops. */
class Pack {}
class Unpack {}
class Add {}

/** Conversion between the caller's order (PyTorch's, no padding) and panels. */
export function pack(exchange: usize, dense: usize): void {
  move<Pack>(exchange, dense);
}
export function unpack(dense: usize, exchange: usize): void {
  move<Unpack>(exchange, dense);
}
/** sum += dense, where `sum` is in the caller's order. */
export function addUnpacked(dense: usize, sum: usize): void {
  move<Add>(sum, dense);
}

function move<D>(exchange: usize, dense: usize): void {
  for (let layer = 0; layer < layers; layer++) {
    const width = inputWidth(layer);
    exchange = moveMatrix<D>(exchange, dense + inputWeight(layer), 3, hidden, hiddenPadded, width, inputPadded(layer));
    exchange = moveMatrix<D>(exchange, dense + hiddenWeight(layer), 3, hidden, hiddenPadded, hidden, hiddenPadded);
    exchange = moveBias<D>(exchange, dense + inputBias(layer), 3, hidden, hiddenPadded);
    exchange = moveBias<D>(exchange, dense + hiddenBias(layer), 3, hidden, hiddenPadded);
  }
  exchange = moveMatrix<D>(exchange, dense + outputWeight(), 1, items, itemsPadded, hidden, hiddenPadded);
  moveBias<D>(exchange, dense + outputBias(), 1, items, itemsPadded);
}

/** `blocks` blocks of `rows` rows each (the gates are padded one by one); returns where the next tensor starts. */
function moveMatrix<D>(
  exchange: usize,
  panels: usize,
  blocks: i32,
  rows: i32,
  rowsPadded: i32,
  columns: i32,
  columnsPadded: i32,
): usize {
  const whole = columns & ~3;
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < rows; i++) {
      const row = block * rowsPadded + i;
      const panel = panels + ((usize(row >> 3) * columnsPadded) << 5) + ((row & 7) << 4);
      for (let c = 0; c < whole; c += 4) moveFour<D>(exchange + (c << 2), panel + (c << 5));
      for (let c = whole; c < columns; c++) moveOne<D>(exchange + (c << 2), panel + (whole << 5) + ((c & 3) << 2));
      exchange += columns << 2;
    }
  }
  return exchange;
}

function moveBias<D>(exchange: usize, bias: usize, blocks: i32, rows: i32, rowsPadded: i32): usize {
  for (let block = 0; block < blocks; block++) {
    const panel = bias + ((block * rowsPadded) << 2);
    for (let i = 0; i < rows; i++) moveOne<D>(exchange + (i << 2), panel + (i << 2));
    exchange += rows << 2;
  }
  return exchange;
}

@inline
function moveFour<D>(exchange: usize, panel: usize): void {
  if (idof<D>() == idof<Pack>()) v128.store(panel, v128.load(exchange));
  else if (idof<D>() == idof<Unpack>()) v128.store(exchange, v128.load(panel));
  else v128.store(exchange, f32x4.add(v128.load(exchange), v128.load(panel)));
}

@inline
function moveOne<D>(exchange: usize, panel: usize): void {
  if (idof<D>() == idof<Pack>()) store<f32>(panel, load<f32>(exchange));
  else if (idof<D>() == idof<Unpack>()) store<f32>(exchange, load<f32>(panel));
  else store<f32>(exchange, load<f32>(exchange) + load<f32>(panel));
}
