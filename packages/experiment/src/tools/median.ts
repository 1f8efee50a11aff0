import { entryAt } from "@kshot/contract";
/** The middle of ascending numbers, of an even count the mean of the two; there is at least one. */
export function median(sorted: readonly number[]): number {
  const middle = (sorted.length - 1) / 2;
  return (entryAt(sorted, Math.floor(middle)) + entryAt(sorted, Math.ceil(middle))) / 2;
}

/** The first and the last of ascending numbers; there is at least one. */
export function endsOf(sorted: readonly number[]): { readonly min: number; readonly max: number } {
  return { min: entryAt(sorted, 0), max: entryAt(sorted, sorted.length - 1) };
}
