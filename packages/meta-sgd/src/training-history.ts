import type { AlphaSeries } from "@kshot/contract/schemas";
import type { RateDistribution } from "./rate-distribution.js";

/** History of training: parallel lists, one value per logged iteration. Plain data. */
export interface TrainingHistory<M> {
  /** Iterations made when the entry was written. */
  readonly iteration: number[];
  /** Mean loss over the iterations since the previous entry. */
  readonly metaLoss: number[];
  readonly validation: { iteration: number; metrics: M }[];
  /** Distribution of α by tensor; empty where nothing has rates. */
  readonly alpha: Record<string, AlphaSeries>;
}

/** One entry of a history. */
export interface TrainingLogEntry {
  readonly iteration: number;
  readonly metaLoss: number;
  readonly alpha: Readonly<Record<string, RateDistribution>>;
  /** Mean seconds of the iterations since the previous entry; null without a clock. */
  readonly secondsPerIteration: number | null;
}

/** Losses and seconds since the last entry. */
export interface PendingLog {
  lossSum: number;
  seconds: number;
  iterations: number;
}

/** A history without entries. */
export function emptyHistory<M>(): TrainingHistory<M> {
  return { iteration: [], metaLoss: [], validation: [], alpha: {} };
}

/** An independent copy; metrics are shared. */
export function copyHistory<M>({ iteration, metaLoss, validation, alpha }: TrainingHistory<M>): TrainingHistory<M> {
  return {
    iteration: [...iteration],
    metaLoss: [...metaLoss],
    validation: validation.map((entry) => ({ ...entry })),
    alpha: Object.fromEntries(
      Object.entries(alpha).map(([name, { mean, std, min, max, quantiles }]) => [
        name,
        { mean: [...mean], std: [...std], min: [...min], max: [...max], quantiles: quantiles.map((q) => [...q]) },
      ]),
    ),
  };
}

/** Adds an entry to a history and, where there is a clock, to the list of seconds. */
export function appendEntry<M>(history: TrainingHistory<M>, seconds: number[], entry: TrainingLogEntry): void {
  history.iteration.push(entry.iteration);
  history.metaLoss.push(entry.metaLoss);
  for (const [name, { mean, std, min, max, quantiles }] of Object.entries(entry.alpha)) {
    const series = (history.alpha[name] ??= { mean: [], std: [], min: [], max: [], quantiles: [] });
    series.mean.push(mean);
    series.std.push(std);
    series.min.push(min);
    series.max.push(max);
    series.quantiles.push(quantiles);
  }
  if (entry.secondsPerIteration !== null) seconds.push(entry.secondsPerIteration);
}
