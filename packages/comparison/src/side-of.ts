import type { Interval } from "@kshot/contract";
import { fewestUnequal, type PairedDifference } from "@kshot/metrics";

/** A paired difference, and the number of people whose difference is not 0. */
export interface CountedDifference extends Interval {
  readonly unequal: number;
}

/** Number of people whose difference is not 0. */
export function unequalIn({ byPerson }: Pick<PairedDifference, "byPerson">): number {
  return byPerson.filter((difference) => difference !== 0).length;
}

/** A paired difference without its people. */
export function counted(found: PairedDifference): CountedDifference {
  const { value, low, high } = found;
  return { value, low, high, unequal: unequalIn(found) };
}

/**
 * The side of 0 on which a paired difference clearly is: its 95 % interval excludes 0, and so many people differ that a test by sign flips
 * can reject (`fewestUnequal`).
 */
export function sideOf({ low, high, unequal }: CountedDifference): "above" | "below" | "unclear" {
  if (unequal < fewestUnequal) return "unclear";
  return low > 0 ? "above" : high < 0 ? "below" : "unclear";
}
