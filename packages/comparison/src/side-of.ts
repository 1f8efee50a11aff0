import type { Interval } from "@kshot/contract";
import { fewestUnequal } from "@kshot/metrics";

/** A paired difference, and the number of people whose difference is not 0. */
export interface CountedDifference extends Interval {
  readonly unequal: number;
}

/** A paired difference without its people. */
export function counted(found: CountedDifference): CountedDifference {
  const { value, low, high, unequal } = found;
  return { value, low, high, unequal };
}

/**
 * The side of 0 on which a paired difference clearly is: its 95 % interval excludes 0, and so many people differ that a test by sign flips
 * can reject (`fewestUnequal`).
 */
export function sideOf({ low, high, unequal }: CountedDifference): "above" | "below" | "unclear" {
  if (unequal < fewestUnequal) return "unclear";
  return low > 0 ? "above" : high < 0 ? "below" : "unclear";
}
