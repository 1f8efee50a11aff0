import { type ParameterLayout, type ParameterVector, usageError } from "@kshot/contract";

/** Refuses everything except an integer of at least `least`. */
export function requireInteger(where: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw usageError({ where, found: String(value), expected: `an integer of at least ${least}` });
}

/** Refuses NaN, ∞ and numbers that are not above 0. */
export function requirePositive(where: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw usageError({ where, found: String(value), expected: "a number above 0" });
}

/** Refuses a range whose ends are not numbers in order. */
export function requireRange(where: string, [low, high]: readonly [number, number]): void {
  if (low <= high && Number.isFinite(low) && Number.isFinite(high)) return;
  throw usageError({ where, found: `[${low}, ${high}]`, expected: "two finite numbers, the lower one first" });
}

/** Refuses a vector that is not as long as the model has parameters. */
export function requireLength(where: string, vector: ParameterVector, layout: ParameterLayout): void {
  if (vector.length === layout.size) return;
  throw usageError({
    where,
    found: `${vector.length} values`,
    expected: `${layout.size}, one per parameter`,
    todo: "Check that the parameters belong to this model's configuration",
  });
}
