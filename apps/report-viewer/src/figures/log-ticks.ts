/** Ticks of a log axis: powers of ten, with 2 and 5 between them if there are fewer than three. */
export function logTicks(low: number, high: number): number[] {
  const within = (ticks: number[]) => ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
  const powers: number[] = [];
  for (let exponent = Math.floor(Math.log10(low)); exponent <= Math.ceil(Math.log10(high)); exponent++) {
    powers.push(Number(`1e${exponent}`));
  }
  const tens = within(powers);
  if (tens.length >= 3) return tens;
  return within(powers.flatMap((power) => [1, 2, 5].map((times) => Number((times * power).toPrecision(1)))));
}
