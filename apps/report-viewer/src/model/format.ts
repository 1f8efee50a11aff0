/** A signed number with a real minus sign; 0 has no sign. */
export function signed(value: number, digits = 3): string {
  return `${value < 0 ? "−" : value > 0 ? "+" : ""}${Math.abs(value).toFixed(digits)}`;
}

/** A metric's value. */
export function figure(value: number, digits = 3): string {
  return value.toFixed(digits);
}

/** A rate or other number, three digits; without an exponent from 0.00001 up. */
export function short(value: number): string {
  const size = Math.abs(value);
  const text =
    size >= 10000
      ? whole(Math.round(size))
      : size >= 0.00001
        ? plain(size)
        : size === 0
          ? "0"
          : size.toExponential(1).replace("-", "−");
  return value < 0 ? `−${text}` : text;
}

/** Three digits, no zeros behind. */
function plain(size: number): string {
  return String(Number(size.toPrecision(3)));
}

export function percent(share: number): string {
  return share === 0 ? "0 %" : share < 0.001 ? "< 0.1 %" : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

// Kept: making one anew for every number costs more than drawing it.
const counts = new Intl.NumberFormat("en-US");

/** A count or an iteration: 10,000. */
export function whole(value: number): string {
  return counts.format(value);
}
