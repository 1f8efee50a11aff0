/** A typed column that grows by doubling: rows arrive one by one, memory is one array. */
export class GrowingColumn<A extends Int32Array | Float64Array> {
  length = 0;
  #values: A;
  readonly #make: (size: number) => A;

  constructor(make: (size: number) => A) {
    this.#make = make;
    this.#values = make(1024);
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const wider = this.#make(this.length * 2);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.length++] = value;
  }

  /** The rows so far, as an array of their own. */
  finish(): A {
    return this.#values.slice(0, this.length) as A;
  }
}

export const int32Column = () => new GrowingColumn((size) => new Int32Array(size));
export const float64Column = () => new GrowingColumn((size) => new Float64Array(size));
