import { availableParallelism } from "node:os";
import type { Progress } from "../progress.js";
import { type BenchOptions, bench } from "./bench.js";

/** The quantities that a sweep varies; all others have the values of the options. */
export type SweepAxis = "items" | "history" | "tasks" | "workers";

/** One measurement of a sweep. */
export interface SweepPoint {
  readonly axis: SweepAxis;
  /** Number of items, items of each history, tasks or threads. */
  readonly value: number;
  /** Median time of a meta-iteration, in milliseconds. */
  readonly milliseconds: number;
  /** Processor time of a meta-iteration, all threads together, in milliseconds. */
  readonly processorMilliseconds: number;
}

/** The values of each axis, ascending. */
export type SweepValues = Readonly<Record<SweepAxis, readonly number[]>>;

const sweepValues: SweepValues = {
  items: [100, 343, 1_000, 3_321, 10_000],
  history: [5, 10, 20, 50],
  tasks: [1, 2, 4, 8, 16, 32, 64],
  workers: [1, 2, 3, 4, 6, 8],
};

/**
 * Times meta-iterations against one quantity at a time: items, length of histories that share nothing, tasks, and threads up to the
 * number of cores.
 *
 * @param options sizes of all that is not varied
 * @param progress receives each measurement
 * @param cores largest number of threads; left out: the machine's
 * @param values of each axis, ascending; left out: items from 100 to 10,000, histories of 5 to 50, 1 to 64 tasks, 1 to 8 threads
 * @returns the measurements, axis by axis, ascending
 * @throws as `bench`
 */
export async function benchSweep(
  options: Omit<BenchOptions, "supervised">,
  progress: Progress = () => {},
  cores = availableParallelism(),
  values = sweepValues,
): Promise<SweepPoint[]> {
  const cases = (Object.keys(values) as SweepAxis[]).flatMap((axis) =>
    values[axis].filter((value) => axis !== "workers" || value <= cores).map((value) => ({ axis, value })),
  );
  const stage = "Sweep";
  progress({ type: "stage", stage, total: cases.length, unit: "measurement" });
  const points: SweepPoint[] = [];
  for (const { axis, value } of cases) {
    const { msPerMetaIteration, processorMsPerMetaIteration } = await bench(at(options, axis, value));
    const milliseconds = msPerMetaIteration.median;
    points.push({ axis, value, milliseconds, processorMilliseconds: processorMsPerMetaIteration });
    progress({ type: "step", stage, done: points.length, figures: { [axis]: value, ms: milliseconds } });
  }
  return points;
}

function at(options: Omit<BenchOptions, "supervised">, axis: SweepAxis, value: number): BenchOptions {
  if (axis === "history") return { ...options, history: "long", prefixLength: value };
  if (axis === "workers") return { ...options, engine: { ...options.engine, workers: value } };
  return { ...options, [axis]: value };
}
