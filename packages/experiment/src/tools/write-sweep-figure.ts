import { fileBegins, type ReplaceRule, requireReplaceable, writeFileAtomic } from "@kshot/store";
import type { SweepPoint } from "./bench-sweep.js";
import { sweepFigure } from "./sweep-figure.js";

/** A sweep's picture replaces only an earlier one. */
const overSweepFigure: ReplaceRule = { wrote: (file) => fileBegins(file, /^<svg data-kshot="sweep" /) };

/**
 * Checks that a sweep's picture can be written, for use before the sweep is measured.
 *
 * @param path the file, absolute
 * @throws `USAGE` for a file of another kind
 */
export async function requireSweepFigure(path: string): Promise<void> {
  await requireReplaceable(path, overSweepFigure);
}

/**
 * Writes a sweep's picture; an earlier one is replaced.
 *
 * @param path the file, absolute
 * @param points as `benchSweep` returns them
 * @throws `USAGE` for a file of another kind, or a path that cannot be written
 */
export async function writeSweepFigure(path: string, points: readonly SweepPoint[]): Promise<void> {
  await writeFileAtomic(path, sweepFigure(points), overSweepFigure);
}
