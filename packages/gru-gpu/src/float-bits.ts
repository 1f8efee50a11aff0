const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

/** The bits of a float as an integer. */
export function floatBits(value: number): number {
  float[0] = value;
  return bits[0]!;
}
