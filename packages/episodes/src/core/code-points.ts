/**
 * Compares two texts in the order of their UTF-8 bytes, which is the order of code points. JavaScript's own order is that of
 * UTF-16 units, which differs for characters beyond U+FFFF.
 *
 * @returns a negative number if `a` comes first, a positive one if `b` does, 0 for equal texts
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x === y) continue;
    // Halves of a surrogate pair count as code points above every other unit.
    const [xHalf, yHalf] = [isHalf(x), isHalf(y)];
    return xHalf === yHalf ? x - y : xHalf ? 1 : -1;
  }
  return a.length - b.length;
}

function isHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
