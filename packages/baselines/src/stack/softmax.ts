import { greatest } from "./stack.js";

/** 2^(j/128), and 2^−k. */
const roots = Float64Array.from({ length: 128 }, (_, j) => 2 ** (j / 128));
const halves = Float64Array.from({ length: 1024 }, (_, k) => 2 ** -k);
const partsPerLog = 128 / Math.LN2;
/** log 2/128 in two numbers: 32 bits, and the rest. */
const upperStep = Math.round((Math.LN2 / 128) * 2 ** 39) / 2 ** 39;
const lowerStep = Math.LN2 / 128 - upperStep;

/**
 * softmax in place, rounded to float32; returns its argument.
 *
 * The exponential is that of `Math.exp` up to 1e-15, in half of its time: x = n·log 2/128 + r with n = 128·k + j, and
 * e^x = 2^k·2^(j/128)·e^r, |r| < 0.003, by its series. Tang 1989. Below −700, where p is 0 in float32, it is 0. A NaN makes every
 * value NaN.
 */
export function softmaxInFloat32(scores: Float64Array): Float64Array {
  const most = greatest(scores);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    const x = scores[i]! - most;
    let p = 0;
    if (x > -700) {
      const n = (0.5 - x * partsPerLog) | 0;
      const r = x + n * upperStep + n * lowerStep;
      const r2 = r * r;
      const series = 1 + r + r2 * (1 / 2 + r * (1 / 6) + r2 * (1 / 24 + r * (1 / 120)));
      p = series * halves[(n + 127) >> 7]! * roots[(128 - (n & 127)) & 127]!;
    } else if (Number.isNaN(x)) p = x;
    scores[i] = p;
    sum += p;
  }
  for (let i = 0; i < scores.length; i++) scores[i] = Math.fround(scores[i]! / sum);
  return scores;
}
