import type { AlphaSeries } from "@kshot/contract/schemas";
import type { RateDistribution } from "./rate-distribution.js";

/** History of training: parallel lists, one value per logged iteration. Plain data. */
export interface TrainingHistory<M> {
  /** Iterations made when the entry was written. */
  readonly iteration: number[];
  /** Mean loss over the iterations since the previous entry. */
  readonly metaLoss: number[];
  readonly validation: { iteration: number; metrics: M }[];
  /** Distribution of α by tensor; empty without rates. */
  readonly alpha: Record<string, AlphaSeries>;
  /** α over all rates together; omitted without rates. */
  allRates?: Record<keyof AllRates, number[]> | undefined;
}

/** Mean, standard deviation (unbiased; 0 for one rate), least and greatest of all rates. */
export type AllRates = Pick<RateDistribution, "mean" | "std" | "min" | "max">;

/** One entry of a history. */
export interface TrainingLogEntry {
  readonly iteration: number;
  readonly metaLoss: number;
  readonly alpha: Readonly<Record<string, RateDistribution>>;
  /** Omitted without rates. */
  readonly allRates?: AllRates;
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
export function copyHistory<M>({
  iteration,
  metaLoss,
  validation,
  alpha,
  allRates,
}: TrainingHistory<M>): TrainingHistory<M> {
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
    ...(allRates && { allRates: eachOf((name) => [...allRates[name]]) }),
  };
}

const rateNames = ["mean", "std", "min", "max"] as const;

function eachOf<T>(value: (name: keyof AllRates) => T): Record<keyof AllRates, T> {
  return { mean: value("mean"), std: value("std"), min: value("min"), max: value("max") };
}

/** Largest number of entries of a history, so that memory, checkpoints and results do not grow with the iterations. */
export const mostEntries = 4096;

/**
 * Adds an entry to a history and, if there is a clock, to the list of seconds. A full history is reduced: of two adjacent entries
 * the later is kept, with the mean loss and the mean seconds of both.
 */
export function appendEntry<M>(history: TrainingHistory<M>, seconds: number[], entry: TrainingLogEntry): void {
  const { allRates } = entry;
  // A history that was stored without them continues without: its lists are parallel.
  if (allRates && history.iteration.length === 0) history.allRates = eachOf(() => []);
  if (allRates && history.allRates) for (const name of rateNames) history.allRates[name].push(allRates[name]);
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
  if (history.iteration.length >= mostEntries) thin(history, seconds);
}

function thin({ iteration, metaLoss, alpha, allRates }: TrainingHistory<unknown>, seconds: number[]): void {
  // The number of iterations of each entry.
  const spans = iteration.map((end, i) => end - (i === 0 ? 0 : iteration[i - 1]!));
  const merged = (values: readonly number[]) =>
    everySecond(values, (i) => {
      const [a, b] = [spans[i - 1]!, spans[i]!];
      return (values[i - 1]! * a + values[i]! * b) / (a + b);
    });
  const later = <T>(values: readonly T[]) => everySecond(values, (i) => values[i]!);
  replace(metaLoss, merged(metaLoss));
  if (seconds.length === iteration.length) replace(seconds, merged(seconds));
  replace(iteration, later(iteration));
  for (const { mean, std, min, max, quantiles } of Object.values(alpha)) {
    for (const series of [mean, std, min, max]) replace(series, later(series));
    replace(quantiles, later(quantiles));
  }
  if (allRates) for (const name of rateNames) replace(allRates[name], later(allRates[name]));
}

/** Every second validation is removed when there are too many; the first and the best one are kept. */
export function thinValidation(
  { validation }: Pick<TrainingHistory<unknown>, "validation">,
  best: number | undefined,
): void {
  if (validation.length < mostEntries) return;
  const kept = validation.filter(
    ({ iteration }, i) => i % 2 === 0 || i === validation.length - 1 || iteration === best,
  );
  replace(validation, kept);
}

/** One value for each two, with the index of the later one; the last of an odd number is kept alone. */
function everySecond<T>(values: readonly T[], at: (later: number) => T): T[] {
  const kept: T[] = [];
  for (let i = 1; i < values.length; i += 2) kept.push(at(i));
  if (values.length % 2 === 1) kept.push(values.at(-1)!);
  return kept;
}

function replace<T>(list: T[], values: readonly T[]): void {
  list.length = 0;
  for (const value of values) list.push(value);
}
