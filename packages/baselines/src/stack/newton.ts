import { failedError } from "@kshot/contract";

/** A smooth convex function: its value; gradient `[n]` and Hessian `[n, n]` are written into the arguments, all entries. */
export type Objective = (at: Float64Array, gradient: Float64Array, hessian: Float64Array) => number;

/** The end of a minimisation. */
export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
  readonly iterations: number;
}

/** Armijo's constant. */
const sufficientDecrease = 1e-4;

/**
 * Minimises a smooth, strongly convex function of few variables by Newton's method with a backtracking line search.
 *
 * Ends when the largest entry of the gradient is at most `tolerance`, or when no step decreases the value in float64. Boyd & Vandenberghe
 * 2004, algorithm 9.5.
 *
 * @param start `[n]`, not changed
 * @throws `FAILED` if the value at the start is not finite, or a Hessian is not positive definite
 */
export function newton(
  objective: Objective,
  start: Float64Array,
  { iterations = 100, tolerance = 1e-9 }: { readonly iterations?: number; readonly tolerance?: number } = {},
): Minimum {
  const n = start.length;
  let at = start.slice();
  let gradient = new Float64Array(n);
  let hessian = new Float64Array(n * n);
  let value = objective(at, gradient, hessian);
  if (!Number.isFinite(value)) {
    throw failedError({ where: "Newton's method, start", found: `value ${value}`, expected: "a finite number" });
  }
  let done = 0;
  while (done < iterations && gradient.some((entry) => Math.abs(entry) > tolerance)) {
    const step = solve(hessian, gradient, n);
    let slope = 0;
    for (let i = 0; i < n; i++) slope -= step[i]! * gradient[i]!;
    const next = new Float64Array(n);
    const nextGradient = new Float64Array(n);
    const nextHessian = new Float64Array(n * n);
    let nextValue = Number.POSITIVE_INFINITY;
    for (let size = 1; size > 1e-9; size /= 2) {
      for (let i = 0; i < n; i++) next[i] = at[i]! - size * step[i]!;
      nextValue = objective(next, nextGradient, nextHessian);
      if (nextValue <= value + sufficientDecrease * size * slope) break;
    }
    if (!(nextValue < value)) break;
    [at, value, gradient, hessian] = [next, nextValue, nextGradient, nextHessian];
    done++;
  }
  return { at, value, iterations: done };
}

/** x of A·x = b by Cholesky's decomposition, A `[n, n]` symmetric and positive definite. */
export function solve(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const l = a.slice();
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = l[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      if (i > j) l[i * n + j] = sum / l[j * n + j]!;
      else if (sum > 0) l[i * n + i] = Math.sqrt(sum);
      else {
        throw failedError({
          where: `Newton's method, variable ${i}`,
          found: `pivot ${sum}`,
          expected: "a positive definite Hessian",
        });
      }
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] = x[i]! - l[i * n + k]! * x[k]!;
    x[i] = x[i]! / l[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] = x[i]! - l[k * n + i]! * x[k]!;
    x[i] = x[i]! / l[i * n + i]!;
  }
  return x;
}
