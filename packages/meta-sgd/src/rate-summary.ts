import { type ParameterLayout, type ParameterVector, type TensorSpec, usageError } from "@kshot/contract";
import type { AlphaSummary } from "@kshot/contract/schemas";
import { requireLength, requireRange } from "./require-argument.js";

const bins = 40;

/** For larger tensors only the histogram is stored, not the matrix. */
const mostMatrix = 65_536;

/**
 * Histogram of each tensor's rates, and the shares of rates at the ends of the range: `alpha` of a results file.
 *
 * `tensors`: those that adapt; left out: all. They share 41 edges from low to high, evenly spaced in the logarithm where
 * both ends are positive. Rates outside the range (MAML's are never clamped) widen the edges, so every rate is counted.
 * `atLow`, `atHigh`: share in 0 … 1 of rates equal to that end in float32. `matrix`: a tensor of up to 65,536 rates row
 * by row, four digits each (a vector is one row).
 *
 * @throws `USAGE` for a wrong length, an invalid range, or a rate that is not finite
 */
export function rateSummary(
  alpha: ParameterVector,
  layout: ParameterLayout,
  range: readonly [low: number, high: number],
  tensors: readonly TensorSpec[] = layout.tensors,
): Record<string, AlphaSummary> {
  requireLength("alpha", alpha, layout);
  requireRange("alpha range", range);
  const edges = histogramEdges(alpha, range, tensors);
  const [low, high] = [Math.fround(range[0]), Math.fround(range[1])];
  return Object.fromEntries(
    tensors.map(({ name, shape, offset, size }) => {
      const counts = edges.slice(1).map(() => 0);
      let atLow = 0;
      let atHigh = 0;
      for (let i = offset; i < offset + size; i++) {
        const rate = alpha[i]!;
        counts[binOf(rate, edges)]! += 1;
        if (Math.fround(rate) === low) atLow += 1;
        if (Math.fround(rate) === high) atHigh += 1;
      }
      return [
        name,
        {
          shape: [...shape],
          histogram: { edges: [...edges], counts },
          atLow: atLow / size,
          atHigh: atHigh / size,
          ...(size > mostMatrix ? {} : { matrix: matrixOf(alpha.subarray(offset, offset + size), shape) }),
        },
      ];
    }),
  );
}

function matrixOf(rates: ParameterVector, shape: readonly number[]): number[][] {
  const width = shape.length > 1 ? rates.length / shape[0]! : rates.length;
  return Array.from({ length: rates.length / width }, (_, row) =>
    Array.from(rates.subarray(row * width, (row + 1) * width), (rate) => Number(rate.toPrecision(4))),
  );
}

function histogramEdges(
  alpha: ParameterVector,
  range: readonly [number, number],
  tensors: readonly TensorSpec[],
): number[] {
  // A clamped rate equals the end rounded to its precision: in float32, 1e-4 is slightly smaller.
  let [low, high] = alpha instanceof Float32Array ? [Math.fround(range[0]), Math.fround(range[1])] : range;
  for (const { offset, size } of tensors) {
    for (let i = offset; i < offset + size; i++) {
      const rate = alpha[i]!;
      if (!Number.isFinite(rate)) {
        throw usageError({ where: `alpha, value ${i}`, found: String(rate), expected: "a finite rate" });
      }
      if (rate < low) low = rate;
      if (rate > high) high = rate;
    }
  }
  if (low === high) return [low, high];
  const at =
    low > 0
      ? (share: number) => Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low)))
      : (share: number) => low + share * (high - low);
  const edges = Array.from({ length: bins + 1 }, (_, i) => at(i / bins));
  edges[0] = low;
  edges[bins] = high;
  return edges;
}

/** The bin whose half-open interval holds the rate; the last bin holds its right edge too. */
function binOf(rate: number, edges: readonly number[]): number {
  let first = 0;
  let last = edges.length - 2;
  while (first < last) {
    const middle = (first + last + 1) >> 1;
    if (rate >= edges[middle]!) first = middle;
    else last = middle - 1;
  }
  return first;
}
