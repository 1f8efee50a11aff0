// Nine-point central stencils, error O(h⁸). With h = 0.02 and smooth functions of size 1 truncation and the rounding of
// float64 both stay below 1e-9 up to the third order (two stencils of the second kind and the first multiply 1/h).
const step = 0.02;
const first = [1 / 280, -4 / 105, 1 / 5, -4 / 5, 0, 4 / 5, -1 / 5, 4 / 105, -1 / 280];
const second = [-1 / 560, 8 / 315, -1 / 5, 8 / 5, -205 / 72, 8 / 5, -1 / 5, 8 / 315, -1 / 560];

/**
 * ∇_x of the (order − 1)-th derivative of f along u, by finite differences: the gradient, then ∇²f u, then ∇³f[u, u].
 */
export function finiteDifferences(
  f: (x: Float64Array) => number,
  x: Float64Array,
  u: Float64Array,
  order: 1 | 2 | 3,
): Float64Array {
  const along = (y: Float64Array): number => {
    if (order === 1) return f(y);
    return difference(order === 2 ? first : second, order - 1, (t) => f(y.map((value, i) => value + t * u[i])));
  };
  return x.map((_, i) => difference(first, 1, (t) => along(x.map((value, j) => (i === j ? value + t : value)))));
}

function difference(stencil: readonly number[], power: number, f: (t: number) => number): number {
  let total = 0;
  stencil.forEach((weight, i) => {
    if (weight !== 0) total += weight * f((i - 4) * step);
  });
  return total / step ** power;
}
