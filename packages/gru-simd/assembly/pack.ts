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

/** Conversion between the caller's order (PyTorch's, no padding) and panels. */
export function pack(exchange: usize, dense: usize): void {
  move(exchange, dense, true);
}
export function unpack(dense: usize, exchange: usize): void {
  move(exchange, dense, false);
}

function move(exchange: usize, dense: usize, packing: bool): void {
  for (let layer = 0; layer < layers; layer++) {
    const width = inputWidth(layer);
    exchange = moveMatrix(exchange, dense + inputWeight(layer), 3, hidden, hiddenPadded, width, inputPadded(layer), packing);
    exchange = moveMatrix(exchange, dense + hiddenWeight(layer), 3, hidden, hiddenPadded, hidden, hiddenPadded, packing);
    exchange = moveBias(exchange, dense + inputBias(layer), 3, hidden, hiddenPadded, packing);
    exchange = moveBias(exchange, dense + hiddenBias(layer), 3, hidden, hiddenPadded, packing);
  }
  exchange = moveMatrix(exchange, dense + outputWeight(), 1, items, itemsPadded, hidden, hiddenPadded, packing);
  moveBias(exchange, dense + outputBias(), 1, items, itemsPadded, packing);
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
  packing: bool,
): usize {
  const whole = columns & ~3;
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < rows; i++) {
      const row = block * rowsPadded + i;
      const target = panels + ((usize(row >> 3) * columnsPadded) << 5) + ((row & 7) << 4);
      if (packing) {
        for (let c = 0; c < whole; c += 4) v128.store(target + (c << 5), v128.load(exchange + (c << 2)));
        for (let c = whole; c < columns; c++)
          store<f32>(target + (whole << 5) + ((c & 3) << 2), load<f32>(exchange + (c << 2)));
      } else {
        for (let c = 0; c < whole; c += 4) v128.store(exchange + (c << 2), v128.load(target + (c << 5)));
        for (let c = whole; c < columns; c++)
          store<f32>(exchange + (c << 2), load<f32>(target + (whole << 5) + ((c & 3) << 2)));
      }
      exchange += columns << 2;
    }
  }
  return exchange;
}

function moveBias(exchange: usize, bias: usize, blocks: i32, rows: i32, rowsPadded: i32, packing: bool): usize {
  for (let block = 0; block < blocks; block++) {
    const target = bias + ((block * rowsPadded) << 2);
    if (packing) memory.copy(target, exchange, rows << 2);
    else memory.copy(exchange, target, rows << 2);
    exchange += rows << 2;
  }
  return exchange;
}
