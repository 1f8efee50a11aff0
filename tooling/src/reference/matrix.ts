/** out += W x; W is [out.length, x.length], row-major. */
export function addProduct(out: Float64Array, w: Float64Array, x: Float64Array): void {
  const columns = x.length;
  for (let row = 0, at = 0; row < out.length; row++, at += columns) {
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += w[at + column] * x[column];
    out[row] += sum;
  }
}

/** out += Wᵀ y; W is [y.length, out.length], row-major. */
export function addTransposedProduct(out: Float64Array, w: Float64Array, y: Float64Array): void {
  const columns = out.length;
  for (let row = 0, at = 0; row < y.length; row++, at += columns) {
    const factor = y[row];
    for (let column = 0; column < columns; column++) out[column] += w[at + column] * factor;
  }
}

/** W += y ⊗ x; W is [y.length, x.length], row-major. */
export function addOuterProduct(w: Float64Array, y: Float64Array, x: Float64Array): void {
  const columns = x.length;
  for (let row = 0, at = 0; row < y.length; row++, at += columns) {
    const factor = y[row];
    for (let column = 0; column < columns; column++) w[at + column] += factor * x[column];
  }
}

/** out += x */
export function add(out: Float64Array, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] += x[i];
}
