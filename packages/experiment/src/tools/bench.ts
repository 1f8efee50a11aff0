import { type Engine, entryAt, onlyEntry, type Pairs, type ParameterVector, usageError } from "@kshot/contract";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { adapt } from "@kshot/meta-sgd";
import { randomStream } from "@kshot/metrics";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { type EngineChoice, openEngine } from "../config/index.js";
import { episodeSize, openDataFolder } from "../data/index.js";
import { metaIterations } from "./bench-meta-iteration.js";
import { type PairsPerSecond, randomSessions, supervisedPairsPerSecond } from "./bench-supervised.js";
import { endsOf, median } from "./median.js";

/** Options of a benchmark. */
export interface BenchOptions {
  readonly items: number;
  readonly embeddingDim: number;
  readonly hiddenDim: number;
  /** People per meta-iteration. */
  readonly tasks: number;
  readonly innerSteps: number;
  /** Number of timed meta-iterations, after three that are not timed. */
  readonly iterations: number;
  /** nested: support prefixes of 1 … 5 items and query 6 … 15 of one history; long: every prefix `prefixLength` items, nothing shared. */
  readonly history: "nested" | "long";
  /** Items of each prefix in `long` histories; left out: 50, the most that the model reads. */
  readonly prefixLength?: number;
  /** Also time supervised training: on a data folder's train pairs, whose vocabulary then replaces `items`, or on random sessions. */
  readonly supervised?: { readonly batchPairs: number; readonly dataDir?: string };
  readonly engine: EngineChoice;
  /** Milliseconds of a monotonic clock. */
  readonly milliseconds: () => number;
  /** Processor time of the process in milliseconds, all threads together. */
  readonly processorMilliseconds: () => number;
  /** Peak resident memory of the process, bytes. */
  readonly peakRssBytes: () => number;
}

/** Median, least and greatest of some times, in milliseconds. */
export interface Times {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Result of a benchmark. */
export interface BenchResult {
  readonly engine: string;
  readonly build: string;
  readonly workers: number;
  readonly options: Omit<
    BenchOptions,
    "engine" | "milliseconds" | "processorMilliseconds" | "peakRssBytes" | "supervised"
  > & {
    readonly batchPairs?: number;
  };
  /** One meta-iteration: exact meta-gradient over all tasks, Adam on θ and α, clamp. */
  readonly msPerMetaIteration: Times;
  /** Processor time of one meta-iteration, all threads together, mean, in milliseconds. */
  readonly processorMsPerMetaIteration: number;
  /** One person: `innerSteps` steps on five pairs, then all items ranked for one history. */
  readonly adaptMs: Times;
  /** Train pairs per second of supervised training, if requested. */
  readonly pairsPerSecond?: PairsPerSecond;
  readonly peakRssBytes: number;
}

/** Times meta-iterations and one person's adaptation on random histories. @throws as `openEngine`. */
export async function bench(options: BenchOptions): Promise<BenchResult> {
  const { embeddingDim, hiddenDim, tasks, innerSteps, iterations, history, milliseconds, supervised } = options;
  const data = supervised?.dataDir === undefined ? undefined : await readTrainPairs(supervised.dataDir);
  const items = data?.items.length ?? options.items;
  if (items < 2) throw usageError({ where: "--items", found: `${items}`, expected: "2 or more" });
  const config = gruConfig({ nItems: items, embeddingDim, hiddenDim });
  const random = randomStream(7, "bench");
  const engine = await openEngine(options.engine, config, "carry", { callerComputes: true });
  try {
    const theta = initialParameters(config, random);
    const alpha = theta.map(() => 0.01);
    const people = Array.from({ length: tasks }, () =>
      history === "nested" ? nested(random, items) : long(random, items, options.prefixLength ?? 50),
    );
    const built = people.map(({ support, query }) => engine.task(support, query));
    const meta = await metaIterations(engine, theta, alpha, built, innerSteps);
    const iterationTimes = await timed(milliseconds, iterations, meta.iterate, options.processorMilliseconds);
    meta.dispose();
    const person = entryAt(people, 0);
    const adaptTimes = await timed(milliseconds, Math.max(50, iterations), () =>
      recommendOnce(engine, theta, alpha, person, innerSteps),
    );
    const pairsPerSecond =
      supervised &&
      (await supervisedPairsPerSecond({
        engine,
        shape: config,
        pairs: data?.train.pairs ?? randomSessions(5000, items, random),
        batchPairs: supervised.batchPairs,
        stretches: iterations,
        milliseconds,
        processorMilliseconds: options.processorMilliseconds,
      }));
    const { name, backend, workers } = engine.description;
    return {
      engine: name,
      build: backend,
      workers,
      options: {
        ...{ items, embeddingDim, hiddenDim, tasks, innerSteps, iterations, history },
        ...(supervised && { batchPairs: supervised.batchPairs }),
      },
      msPerMetaIteration: times(iterationTimes),
      processorMsPerMetaIteration: iterationTimes.processor,
      adaptMs: times(adaptTimes),
      ...(pairsPerSecond && { pairsPerSecond }),
      peakRssBytes: options.peakRssBytes(),
    };
  } finally {
    engine.dispose();
  }
}

async function readTrainPairs(dataDir: string) {
  const { k = 5, q = 10 } = await episodeSize(dataDir, {});
  return openDataFolder(dataDir, { k, q });
}

async function recommendOnce(
  engine: Engine,
  theta: ParameterVector,
  alpha: ParameterVector,
  { support, query }: Person,
  steps: number,
): Promise<number> {
  const fitted = onlyEntry(await adapt(engine, theta, alpha, [engine.batch(support)], steps));
  const one = { sequences: query.sequences.slice(0, 1), labels: [entryAt(query.labels, 0)] };
  const { values } = onlyEntry(await engine.logits([fitted], [engine.batch(one)]));
  const ranked = Array.from(values, (score, item) => ({ score, item })).sort((a, b) => b.score - a.score);
  return entryAt(ranked, 0).item;
}

interface Person {
  readonly support: Pairs;
  readonly query: Pairs;
}

function nested(random: RandomGenerator, items: number): Person {
  const history = draw(random, items, 16);
  const prefixes = (from: number, to: number): Pairs => {
    const lengths = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    return { sequences: lengths.map((n) => history.slice(0, n)), labels: lengths.map((n) => entryAt(history, n)) };
  };
  return { support: prefixes(1, 5), query: prefixes(6, 15) };
}

function long(random: RandomGenerator, items: number, length: number): Person {
  const pairs = (count: number): Pairs => ({
    sequences: Array.from({ length: count }, () => draw(random, items, length)),
    labels: draw(random, items, count),
  });
  return { support: pairs(5), query: pairs(10) };
}

function draw(random: RandomGenerator, items: number, count: number): number[] {
  return Array.from({ length: count }, () => uniformInt(random, 0, items - 1));
}

/** Ascending times of `count` calls, and their mean processor time; three calls before them are not timed. */
async function timed(
  milliseconds: () => number,
  count: number,
  work: () => Promise<unknown>,
  processorMilliseconds: () => number = () => 0,
): Promise<{ readonly ascending: readonly number[]; readonly processor: number }> {
  const ascending: number[] = [];
  let processorBegin = 0;
  for (let i = -3; i < count; i++) {
    if (i === 0) processorBegin = processorMilliseconds();
    const start = milliseconds();
    await work();
    if (i >= 0) ascending.push(milliseconds() - start);
  }
  const processor = (processorMilliseconds() - processorBegin) / count;
  ascending.sort((a, b) => a - b);
  return { ascending, processor };
}

function times({ ascending }: { readonly ascending: readonly number[] }): Times {
  return { median: median(ascending), ...endsOf(ascending) };
}
