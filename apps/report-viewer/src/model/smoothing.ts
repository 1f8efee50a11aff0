/**
 * The longest running mean for a number of log entries: a fifth of them, odd, 51 at most. A longer one would show only a
 * constant.
 */
export function longestSmoothing(entries: number): number {
  const fifth = Math.floor(entries / 5);
  return Math.max(1, Math.min(51, fifth % 2 === 1 ? fifth : fifth - 1));
}

/** Centred running mean over `width` entries, an odd number; shorter at the ends. */
export function smooth(values: readonly number[], width: number): number[] {
  const half = (width - 1) / 2;
  return values.map((_, i) => {
    const own = values.slice(Math.max(0, i - half), i + half + 1);
    return own.reduce((sum, value) => sum + value, 0) / own.length;
  });
}
