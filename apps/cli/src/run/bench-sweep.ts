import { alignedLines } from "@kshot/contract";
import { type BenchOptions, benchSweep, requireSweepFigure, writeSweepFigure } from "@kshot/experiment";
import { shownPath } from "../paths.js";
import { textProgress } from "../terminal/progress.js";

/**
 * `kshot bench --sweep`.
 *
 * @param output.figure file for the picture, absolute; left out: none is drawn
 */
export async function runSweep(
  options: Omit<BenchOptions, "supervised">,
  { json, figure }: { readonly json: boolean; readonly figure?: string },
): Promise<void> {
  // Checked before the minutes of the sweep.
  if (figure !== undefined) await requireSweepFigure(figure);
  const progress = textProgress(process.stderr, () => performance.now());
  const points = await benchSweep(options, progress);
  progress({ type: "done", stage: "Sweep", text: `${points.length} measurements` });
  if (figure !== undefined) await writeSweepFigure(figure, points);
  if (json) {
    process.stdout.write(`${JSON.stringify({ points }, null, 2)}\n`);
    return;
  }
  const rows = points.map(({ axis, value, milliseconds, processorMilliseconds }) => [
    ...[axis, `${value}`, milliseconds.toFixed(2), processorMilliseconds.toFixed(2)],
  ]);
  const lines = alignedLines([["", "value", "ms", "processor ms"], ...rows], () => true);
  process.stdout.write(`${lines.join("\n")}\n`);
  if (figure !== undefined) process.stdout.write(`Written to ${shownPath(figure)}\n`);
}
