// Created once, because that takes longer than formatting a number; and not at the start of a program, where it takes 15 ms.
let counts: Intl.NumberFormat | undefined;

/** A number rounded to a whole one, with separators of thousands: `10,000`. */
export function whole(value: number): string {
  counts ??= new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
  return counts.format(value);
}

/** A share of 0 to 1 in percent: `12.3 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
