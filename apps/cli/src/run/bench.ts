import { usageError, whole } from "@kshot/contract";
import { type BenchResult, bench, type Times } from "@kshot/experiment";
import type { BenchFlags } from "../flags/bench.js";
import { engineOptions } from "../flags/engine.js";
import { typedPath } from "../paths.js";
import { runSweep } from "./bench-sweep.js";

/** `kshot bench`. */
export async function runBench(flags: BenchFlags): Promise<void> {
  const {
    engine,
    device,
    backend,
    build,
    workers,
    gpuMemory,
    json,
    supervised,
    batchPairs,
    data,
    sweep,
    figure,
    ...options
  } = flags;
  for (const { wrong, ...parts } of contradictions(flags)) if (wrong) throw usageError(parts);
  const timing = {
    ...options,
    engine: engineOptions(flags),
    milliseconds: () => performance.now(),
    processorMilliseconds: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
    peakRssBytes: () => process.resourceUsage().maxRSS * 1024,
  };
  if (sweep) return runSweep(timing, { json, ...(figure === undefined ? {} : { figure: typedPath(figure) }) });
  const result = await bench({
    ...timing,
    ...(supervised && { supervised: { batchPairs, ...(data === undefined ? {} : { dataDir: typedPath(data) }) } }),
  });
  if (json) {
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  const shown = ({ median, min, max }: Times) => `${median.toFixed(2)} ms  (${min.toFixed(2)} to ${max.toFixed(2)})`;
  const { items, embeddingDim, hiddenDim, tasks, innerSteps, history } = result.options;
  process.stdout.write(
    `${result.engine} engine (${result.build}), ${result.workers} worker${result.workers === 1 ? "" : "s"}; ${items} items, ${embeddingDim}/${hiddenDim}, ${tasks} tasks, ${innerSteps} inner steps, ${history} histories\n` +
      `Meta-iteration      ${shown(result.msPerMetaIteration)}\n` +
      `Adapt and rank      ${shown(result.adaptMs)}\n` +
      supervisedLine(result) +
      `Most memory         ${(result.peakRssBytes / 2 ** 20).toFixed(0)} MiB\n`,
  );
}

/** Checks flags that require or exclude another flag. */
const contradictions = ({ figure, sweep, supervised, data }: BenchFlags) => [
  {
    wrong: figure !== undefined && !sweep,
    where: "--figure",
    found: "a file without --sweep",
    expected: "--sweep, whose times it draws",
    todo: "Add --sweep, or leave --figure out",
  },
  {
    wrong: sweep && supervised,
    where: "--sweep",
    found: "--supervised, which is timed at one size",
    expected: "one of the two",
    todo: "Leave one of them out",
  },
  {
    wrong: data !== undefined && !supervised,
    where: "--data",
    found: "a data folder without --supervised",
    expected: "--supervised, which trains on it",
    todo: "Add --supervised, or leave --data out",
  },
];

function supervisedLine({ pairsPerSecond, options }: BenchResult): string {
  if (pairsPerSecond === undefined) return "";
  const { median, min, max, perProcessorSecond } = pairsPerSecond;
  return (
    `Supervised          ${whole(median)} pairs/s  (${whole(min)} to ${whole(max)}), ${options.batchPairs} pairs in a minibatch\n` +
    `                    ${whole(perProcessorSecond)} pairs per second of processor time\n`
  );
}
