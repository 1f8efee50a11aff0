// Created once: creating one for each number takes longer than formatting the number.
const counts = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A number rounded to a whole one, with separators of thousands: `10,000`. */
export function whole(value: number): string {
  return counts.format(value);
}

/** A share of 0 to 1 in percent: `12.3 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
