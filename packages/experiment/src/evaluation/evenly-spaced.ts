/** Numbers from 0 to `length` − 1: all, or `most` of them, evenly spaced. */
export function evenlySpaced(length: number, most: number): number[] {
  const count = Math.min(length, most);
  return Array.from({ length: count }, (_, i) => Math.floor((i * length) / count));
}
