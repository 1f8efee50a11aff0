import { fileBegins, writeFileAtomic } from "@kshot/store";
import type { SweepPoint } from "./bench-sweep.js";
import { sweepFigure } from "./sweep-figure.js";

/**
 * Writes a sweep's picture; an earlier one is replaced.
 *
 * @param path the file, absolute
 * @param points as `benchSweep` returns them
 * @throws `USAGE` for a file of another kind, or a path that cannot be written
 */
export async function writeSweepFigure(path: string, points: readonly SweepPoint[]): Promise<void> {
  await writeFileAtomic(path, sweepFigure(points), { wrote: (file) => fileBegins(file, /^<svg data-kshot="sweep" /) });
}
