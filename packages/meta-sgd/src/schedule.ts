/** How the outer rates change over training. */
export const scheduleNames = ["constant", "linear", "cosine"] as const;
/** How a learning rate decreases over the iterations. */
export type ScheduleName = (typeof scheduleNames)[number];

/**
 * Factor of the outer rates at `iteration` (from 0) of `iterations`: 1; 1 − t; or (1 + cos πt)/2, with t = iteration/iterations.
 * All start at 1; the last two are slightly above 0 at the last iteration. Loshchilov & Hutter 2017, eq. 5, without restarts.
 */
export function scheduleFactor(name: ScheduleName, iteration: number, iterations: number): number {
  const t = iteration / iterations;
  if (name === "linear") return 1 - t;
  if (name === "cosine") return (1 + Math.cos(Math.PI * t)) / 2;
  return 1;
}
