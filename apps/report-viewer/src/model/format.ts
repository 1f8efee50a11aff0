import { whole } from "@kshot/comparison";

/** A rate or other number, three digits; without an exponent from 0.00001 up. */
export function short(value: number): string {
  const size = Math.abs(value);
  const text =
    size >= 10000
      ? whole(Math.round(size))
      : size >= 0.00001
        ? threeDigits(size)
        : size === 0
          ? "0"
          : size.toExponential(1).replace("-", "−");
  return value < 0 ? `−${text}` : text;
}

/** Three significant digits without trailing zeros. */
function threeDigits(size: number): string {
  return String(Number(size.toPrecision(3)));
}

/** A share of 0 to 1 in percent. */
export function percent(share: number): string {
  return share === 0 ? "0 %" : share < 0.001 ? "< 0.1 %" : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}
