import { allocate, allocateZeroed, keep } from "./arena";
import { hidden, inputWidth, items, layers, denseBytes } from "./shape";

/** The vectors of the current call, in the layout of `dense`: kept from call to call, padding always zero. */
export let theta: usize = 0;
export let alpha: usize = 0;
export let dTheta: usize = 0;
export let dAlpha: usize = 0;
/** One dense vector in the caller's order, without padding: the buffer through which the host writes and reads vectors. */
export let exchange: usize = 0;
export let exchangeLength: i32 = 0;
/** A running total in the caller's order. */
export let total: usize = 0;

export function createVectors(): void {
  theta = allocateZeroed(denseBytes);
  alpha = allocateZeroed(denseBytes);
  dTheta = allocateZeroed(denseBytes);
  dAlpha = allocateZeroed(denseBytes);
  exchangeLength = items * (hidden + 1);
  for (let i = 0; i < layers; i++) exchangeLength += 3 * hidden * (inputWidth(i) + hidden + 2);
  exchange = allocate(usize(exchangeLength) << 2);
  total = allocate(usize(exchangeLength) << 2);
  keep();
}
