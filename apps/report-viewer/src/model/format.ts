/** A signed number with a real minus sign. */
export function signed(value: number, digits = 3): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;
}

/** A metric's value. */
export function figure(value: number, digits = 3): string {
  return value.toFixed(digits);
}

/** A rate or other positive number, three digits. */
export function short(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 0.001 && size < 10000) return String(Number(value.toPrecision(3))).replace("-", "−");
  return value.toExponential(1).replace("-", "−");
}

export function percent(share: number): string {
  return share === 0 ? "0 %" : share < 0.001 ? "< 0.1 %" : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

export function whole(value: number): string {
  return value.toLocaleString("en-US");
}
