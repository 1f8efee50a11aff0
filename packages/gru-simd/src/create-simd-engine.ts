import { type Mask, usageError } from "@kshot/contract";
import { type GruConfig, gruConfig, gruParameterLayout } from "@kshot/gru-layout";
import { chooseBuild, compileBuild, type SimdBuild } from "./build.js";
import { Kernel } from "./kernel.js";
import { compileOptimiser, TrainedVectors } from "./optimiser.js";
import { type MakeWorker, threadsHere } from "./pool/threads.js";
import { WorkerPool } from "./pool/worker-pool.js";
import { SimdEngine } from "./simd-engine.js";
import { UnitExecutor } from "./unit-executor.js";
import { reportWarning, type SimdWarning } from "./warning.js";

/** Options of a SIMD engine. */
export interface SimdEngineOptions {
  readonly config: GruConfig;
  /** The state that the output layer reads if `batch` has no option for it; default: the carried state. */
  readonly mask?: Mask;
  /** Threads that share a call's tasks, 1 … 64; by default one per core, at most 8. Without threads or shared memory: 1. */
  readonly workers?: number;
  /**
   * Whether the thread that makes a call computes too, in Node, as one of the `workers`: faster, but its events wait for some
   * milliseconds, with a large model for longer. For programs that only train. Default: false.
   */
  readonly callerComputes?: boolean;
  /** `auto` by default: relaxed SIMD if the runtime has it. */
  readonly build?: SimdBuild | "auto";
  /**
   * Makes a worker, for programs where the engine does not find the script: `() => new Worker(url, { type: "module" })` in a
   * browser, a `Worker` of `node:worker_threads` in Node. The script is `@kshot/gru-simd/worker`, one file without imports.
   */
  readonly worker?: MakeWorker;
  /**
   * The compiled module, for runtimes that compile no bytes at run time: of `@kshot/gru-simd/simd.wasm` or
   * `@kshot/gru-simd/relaxed-simd.wasm`; `build` must name the same one.
   */
  readonly module?: WebAssembly.Module;
  /** Called instead of the default, which is `process.emitWarning`, or `console.warn` where there is no process. */
  readonly onWarning?: (warning: SimdWarning) => void;
}

/**
 * The GRU recommender as an `Engine<Pairs>` in SIMD WebAssembly, differentiated by the formulas of docs/math.md.
 *
 * Parameters are flat vectors in the order of `gruParameterLayout(config)`; results are fresh `Float32Array`s (or the `spare` of
 * `metaGradient`). Calls run one after the other. With one build, results have the same bits for any number of workers. Dispose
 * it: its threads end then, or with the process. Workers start with the first call that has work for several. If they do not
 * load, the engine continues with one thread, its `description` states that, and `onWarning` is called once.
 *
 * @throws `USAGE` for an invalid configuration or option; `FAILED` if the runtime lacks the build or the memory.
 * @example
 * ```js
 * import { gruConfig, initialParameters } from "@kshot/gru-layout";
 * import { createSimdEngine } from "@kshot/gru-simd";
 *
 * const config = gruConfig({ nItems: 20, embeddingDim: 8, hiddenDim: 16 });
 * const engine = await createSimdEngine({ config, workers: 1 });
 * const theta = initialParameters(config, 42);
 * const alpha = engine.vector().fill(0.1);
 * const support = { sequences: [[3], [3, 7], [3, 7, 1]], labels: [7, 1, 9] };
 * const query = { sequences: [[3, 7, 1, 9]], labels: [4] };
 * const tasks = [engine.task(support, query)];
 * const { taskLosses, dTheta } = await engine.metaGradient(theta, alpha, tasks, { innerSteps: 5, order: 2 });
 * console.log(taskLosses.length, dTheta.length === theta.length); // 1 true
 * engine.dispose();
 * ```
 */
export async function createSimdEngine(options: SimdEngineOptions): Promise<SimdEngine> {
  const { mask = "carry", workers } = options;
  const config = gruConfig(options.config);
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1 && workers <= 64)) {
    throw usageError({ where: "SIMD engine, workers", found: `${workers}`, expected: "a whole number from 1 to 64" });
  }
  if (options.module !== undefined && (options.build ?? "auto") === "auto") {
    throw usageError({
      where: "SIMD engine, module",
      found: "a compiled module without its build",
      expected: 'build: "simd" or "relaxed-simd"',
    });
  }
  const build = chooseBuild(options.build ?? "auto");
  const module = options.module ?? (await compileBuild(build));
  const kernel = await Kernel.create(module, config);
  const layout = gruParameterLayout(config);
  const optimiser = compileOptimiser();
  const threads = threadsHere(options.worker);
  const count = threads === undefined ? 1 : (workers ?? Math.min(threads.cores(), 8));
  const pool = threads !== undefined ? new WorkerPool(threads, { module, optimiser, config }, count) : undefined;
  return new SimdEngine(
    config,
    mask,
    { name: "simd", backend: build, workers: count },
    new UnitExecutor(kernel, layout, config.nItems, optimiser),
    pool,
    options.onWarning ?? reportWarning,
    optimiser && new TrainedVectors(optimiser, layout.size),
    (options.callerComputes ?? false) && typeof setImmediate === "function",
  );
}
