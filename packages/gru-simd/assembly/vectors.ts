import { allocate, allocateZeroed, keep } from "./arena";
import { hidden, inputWidth, items, layers, restBytes } from "./shape";

/** The vectors of the call at hand, `rest` laid out: kept from call to call, padding always zero. */
export let theta: usize = 0;
export let alpha: usize = 0;
export let dTheta: usize = 0;
export let dAlpha: usize = 0;
/** One vector in the caller's order and without padding: the way in and out. */
export let plain: usize = 0;
export let plainFloats: i32 = 0;
/** A running total in the caller's order. */
export let total: usize = 0;

export function createVectors(): void {
  theta = allocateZeroed(restBytes);
  alpha = allocateZeroed(restBytes);
  dTheta = allocateZeroed(restBytes);
  dAlpha = allocateZeroed(restBytes);
  plainFloats = items * (hidden + 1);
  for (let i = 0; i < layers; i++) plainFloats += 3 * hidden * (inputWidth(i) + hidden + 2);
  plain = allocate(usize(plainFloats) << 2);
  total = allocate(usize(plainFloats) << 2);
  keep();
}
