import { algorithmTitle, type NetworkName } from "@kshot/comparison";
import type { ParameterVector } from "@kshot/contract";
import type { Progress } from "../progress.js";
import type { ValidationMetrics } from "./training-state.js";

/** Number of losses in one mean: of the first ones and of the latest ones. */
const window = 20;

/** Largest ratio of the latest mean to the first losses' mean, or to the loss of guessing. */
const bound = 3;

/**
 * Watches the losses of a training and warns once when they diverge. Losses that are huge but finite do not stop a training.
 *
 * @param guessing loss of a model that gives each item the same probability, ln(items)
 */
export function watchLosses(algorithm: NetworkName, guessing: number, progress: Progress): (loss: number) => void {
  const latest: number[] = [];
  let first: number | undefined;
  let said = false;
  return (loss) => {
    latest.push(loss);
    if (latest.length > window) latest.shift();
    if (latest.length < window || said) return;
    const mean = latest.reduce((sum, value) => sum + value, 0) / window;
    first ??= mean;
    if (mean <= bound * Math.max(first, guessing)) return;
    said = true;
    progress({
      type: "note",
      text: `${algorithmTitle(algorithm)}: the loss diverges: ${mean.toPrecision(3)} over the last ${window} iterations, ${first.toPrecision(3)} over the first. Guessing has ${guessing.toPrecision(3)}. The parameters with the best validation are kept. Try a smaller --outer-lr or --alpha-init, or a smaller upper end of --alpha-range.`,
    });
  };
}

/** Share of the learned rates at the ends of their range from which a warning is given. */
const pinnedShare = 0.5;

/** The warning about learned rates if most are at the ends of their range; otherwise empty. */
export function pinnedRates(
  alpha: ParameterVector,
  [low, high]: readonly [number, number],
  adapting: readonly { readonly offset: number; readonly size: number }[],
): string | undefined {
  let [atLow, atHigh, all] = [0, 0, 0];
  for (const { offset, size } of adapting) {
    for (const rate of alpha.subarray(offset, offset + size)) {
      all++;
      // Float32 represents neither end exactly.
      if (rate <= low + 1e-6 * Math.abs(low)) atLow++;
      else if (rate >= high - 1e-6 * Math.abs(high)) atHigh++;
    }
  }
  if (all === 0 || (atLow + atHigh) / all < pinnedShare) return undefined;
  const share = (count: number) => `${Math.round((100 * count) / all)} %`;
  return `of the learned rates ${share(atLow)} are at ${low} and ${share(atHigh)} at ${high}, the ends of --alpha-range: try a wider range, or another --alpha-init`;
}

/** The warning about a validation curve that decreases from its start; otherwise empty. */
export function fallingValidation(
  validation: readonly { readonly iteration: number; readonly metrics: Pick<ValidationMetrics, "mrr"> }[],
): string | undefined {
  const [start, ...later] = validation;
  const last = later.at(-1);
  if (
    start === undefined ||
    last === undefined ||
    later.length < 3 ||
    later.some(({ metrics }) => metrics.mrr >= start.metrics.mrr)
  )
    return undefined;
  return `validation was never as good as before the first iteration (MRR ${start.metrics.mrr.toFixed(4)}, at the end ${last.metrics.mrr.toFixed(4)}): try a smaller --outer-lr, or fewer --inner-steps`;
}
