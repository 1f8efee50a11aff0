/** Result of `inspect`: a heading, facts in reading order, and problems. */
export interface Inspection {
  readonly kind: "data folder" | "project" | "run" | "checkpoint" | "model" | "learning rates" | "results";
  readonly path: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** Empty: no problems. */
  readonly problems: readonly string[];
}

/** Four digits after the point; small values with an exponent. */
export function decimal(value: number): string {
  return value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(2) : value.toFixed(4);
}
