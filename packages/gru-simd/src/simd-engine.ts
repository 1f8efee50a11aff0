import {
  type AdamStep,
  type Batch,
  type BatchOptions,
  type Engine,
  type EngineDescription,
  type FusedStepOptions,
  type Gradients,
  type GroupRange,
  type GroupSumOptions,
  type GroupSums,
  type Logits,
  type Mask,
  type MetaGradient,
  type MetaGradientOptions,
  type Optimiser,
  type Pairs,
  type ParameterLayout,
  type ParameterVector,
  type Task,
  type TaskGroups,
  type TrainedVector,
  usageError,
} from "@kshot/contract";
import {
  checkInnerClip,
  checkMetaGradient,
  checkQueries,
  checkSteps,
  checkVectors,
  type GruConfig,
  gruParameterLayout,
  notFinite,
} from "@kshot/gru-layout";
import { type OptimisedVector, stepRange, type TrainedVectors } from "./optimiser.js";
import { type WorkerPool, WorkersNotLoaded } from "./pool/worker-pool.js";
import { SimdBatch } from "./simd-batch.js";
import { groupSize, type UnitExecutor } from "./unit-executor.js";
import { type SimdWarning, workersNotLoaded } from "./warning.js";
import type { Schedule, Work, WorkKind } from "./work.js";

/** Floats of results computed at once. More batches are computed in rounds, so that memory does not grow with their number. */
const roundFloats = 2 ** 24;

/** Smallest number of values for which threads share a step of Adam, and the number of one unit. */
const sharedStep = 2 ** 18;
const stepUnit = 2 ** 15;

/** Inner steps from which a call is made on a thread in any case. */
const longSteps = 200;

/** People of one round of `adaptedLogits`. */
const peopleAtOnce = 256;

type Vectors = Readonly<Record<string, readonly ParameterVector[]>>;

/** The engine that `createSimdEngine` makes. */
export class SimdEngine implements Engine<Pairs> {
  readonly layout: ParameterLayout;
  readonly clipsInnerGradients = true;
  readonly takesOffsets = true;
  readonly optimiser?: Optimiser;
  readonly taskGroups: TaskGroups = { size: groupSize, sums: (...given) => this.groupSums(...given) };
  private disposed = false;
  /** The running call, or undefined. */
  private last: Promise<unknown> | undefined;

  constructor(
    private readonly config: GruConfig,
    private readonly mask: Mask,
    private described: EngineDescription,
    private readonly executor: UnitExecutor,
    private pool: WorkerPool | undefined,
    private readonly warn: (warning: SimdWarning) => void,
    private readonly trained: TrainedVectors | undefined,
    private readonly callerComputes: boolean,
  ) {
    this.layout = gruParameterLayout(config);
    if (trained !== undefined) {
      this.optimiser = {
        vector: () => trained.make(),
        gradientIsFinite: ({ gradient }) => {
          const { run, padded } = this.optimised(gradient);
          return run.finite(padded) !== 0;
        },
        step: (vector, step) => this.adamStep(vector, step),
        clamp: ({ gradient }, [low, high], parts) => {
          const { run, padded } = this.optimised(gradient);
          for (const part of parts) this.checkPart(part);
          for (const { offset, size } of parts) run.clamp(padded, offset, offset + size, low, high);
        },
      };
    }
  }

  get description(): EngineDescription {
    return this.described;
  }

  /** A zeroed vector. With threads it is in shared memory: as θ, α or `spare` of a meta-gradient it is not copied. */
  vector(): Float32Array {
    const { size } = this.layout;
    return this.pool === undefined || this.described.workers === 1
      ? new Float32Array(size)
      : new Float32Array(new SharedArrayBuffer(4 * size));
  }

  batch(examples: Pairs, { mask = this.mask, ...options }: BatchOptions = {}): Batch {
    return new SimdBatch(this.config, examples, mask, options);
  }

  task(support: Pairs, query: Pairs): Task {
    return { support: this.batch(support), query: this.batch(query) };
  }

  async gradients(
    thetas: readonly ParameterVector[],
    batches: readonly Batch[],
    spare: readonly ParameterVector[] = [],
  ): Promise<Gradients> {
    const { losses, outputs } = await this.eachBatch("gradients", batches, { thetas }, 0, 0, spare);
    return { losses, gradients: outputs };
  }

  async hessianVectorProducts(
    thetas: readonly ParameterVector[],
    batches: readonly Batch[],
    directions: readonly ParameterVector[],
  ): Promise<Float32Array[]> {
    const { outputs } = await this.eachBatch("hessianVectorProducts", batches, { thetas, directions });
    return outputs;
  }

  async logits(thetas: readonly ParameterVector[], batches: readonly Batch[]): Promise<Logits[]> {
    const { outputs } = await this.eachBatch("logits", batches, { thetas });
    const columns = this.config.nItems;
    return outputs.map((values, i) => ({ rows: batches[i].size, columns, values }));
  }

  /**
   * Fits the model to each batch: θ_{k+1} = θ_k − α∘∇L(θ_k), k = 0 … steps − 1, without leaving WebAssembly between steps.
   *
   * θ, α `[layout.size]`; one fresh vector per batch; 0 steps give copies of θ. Equal to meta-sgd's `adapt`.
   *
   * @throws `USAGE` for a wrong length or number of steps, `FAILED` for a loss that is not finite
   */
  async adapt(
    theta: ParameterVector,
    alpha: ParameterVector,
    batches: readonly Batch[],
    steps: number,
    { innerClip }: FusedStepOptions = {},
  ): Promise<Float32Array[]> {
    checkSteps(steps);
    const clip = checkedClip(innerClip);
    const same = (vector: ParameterVector) => batches.map(() => vector);
    const { outputs } = await this.eachBatch(
      "adapt",
      batches,
      { thetas: same(theta), rates: same(alpha) },
      steps,
      clip,
    );
    return outputs;
  }

  /**
   * Fits the model to each entry's minibatches in turn: step k, from 0, is on `turns[i][k mod turns[i].length]`, without leaving WebAssembly
   * between steps.
   *
   * θ, α `[layout.size]`; one fresh vector per entry; 0 steps give copies of θ.
   *
   * @throws `USAGE` for a wrong length or number of steps or an entry without batches, `FAILED` for a loss that is not finite
   */
  async adaptInTurn(
    theta: ParameterVector,
    alpha: ParameterVector,
    turns: readonly (readonly Batch[])[],
    steps: number,
    { innerClip }: FusedStepOptions = {},
  ): Promise<Float32Array[]> {
    this.check({ theta: [theta], alpha: [alpha] }, 1);
    checkSteps(steps);
    const clip = checkedClip(innerClip);
    const empty = turns.findIndex((batches) => batches.length === 0);
    if (empty >= 0) throw usageError({ where: `turns, entry ${empty}`, found: "no batch", expected: "one or more" });
    const found: Float32Array[] = [];
    const atOnce = this.vectorsAtOnce();
    for (let begin = 0; begin < turns.length; begin += atOnce) {
      const own = turns.slice(begin, begin + atOnce);
      const units = own.map((batches, entry) => {
        const forests = batches.map((batch) => SimdBatch.own(batch, this.config).whole());
        return joined([[entry, forests.length], ...forests.flatMap((forest) => [[forest.length], forest])]);
      });
      const outputs = own.map(() => new Float32Array(this.layout.size));
      const losses = new Float64Array(own.length);
      await this.execute({
        kind: "adaptInTurn",
        ...{ units, vectors: [theta, alpha], outputs, losses, steps, order: 1, clip, ordered: false },
      });
      found.push(...outputs);
    }
    return found;
  }

  /** The number of results of the model's size that are computed at once. */
  private vectorsAtOnce(): number {
    return Math.max(this.description.workers, Math.floor(roundFloats / this.layout.size));
  }

  /**
   * Scores of each person's queries after some numbers of steps on their support. All in WebAssembly: only scores are copied out.
   *
   * `queries[i][b]` is scored after `steps[i]` steps (ascending) on `supports[b]`. Equal to `adapt` followed by
   * `logits`.
   *
   * @throws `USAGE` for wrong lengths or steps, `FAILED` for a loss that is not finite
   */
  async adaptedLogits(
    theta: ParameterVector,
    alpha: ParameterVector,
    supports: readonly Batch[],
    queries: readonly (readonly Batch[])[],
    steps: readonly number[],
    { innerClip }: FusedStepOptions = {},
  ): Promise<Logits[][]> {
    this.check({ theta: [theta], alpha: [alpha] }, 1);
    checkQueries("SIMD engine", queries, steps, supports.length);
    const columns = this.config.nItems;
    const clip = checkedClip(innerClip);
    const result: Logits[][] = steps.map(() => []);
    for (let begin = 0; begin < supports.length; begin += peopleAtOnce) {
      const people = supports.slice(begin, begin + peopleAtOnce);
      const units: Int32Array[] = [];
      const outputs: Float32Array[] = [];
      for (const [person, support] of people.entries()) {
        const forest = SimdBatch.own(support, this.config).whole();
        const parts: ArrayLike<number>[] = [[person, forest.length], forest, [steps.length]];
        let rows = 0;
        for (const [i, count] of steps.entries()) {
          const query = SimdBatch.own(queries[i][begin + person], this.config);
          parts.push([count - (i === 0 ? 0 : steps[i - 1]), query.whole().length], query.whole());
          rows += query.size;
        }
        units.push(joined(parts));
        outputs.push(new Float32Array(rows * columns));
      }
      const work: Work = {
        kind: "adaptedLogits",
        units,
        vectors: [theta, alpha],
        outputs,
        losses: new Float64Array(people.length),
        steps: 0,
        order: 1,
        clip,
        ordered: false,
      };
      await this.execute(work, steps.at(-1));
      for (const [person, output] of outputs.entries()) {
        let at = 0;
        for (const [i, list] of queries.entries()) {
          const rows = list[begin + person].size;
          result[i].push({ rows, columns, values: output.subarray(at, (at += rows * columns)) });
        }
      }
    }
    return result;
  }

  async metaGradient(
    theta: ParameterVector,
    alpha: ParameterVector,
    tasks: readonly Task[],
    { innerSteps, order, innerClip, spare }: MetaGradientOptions,
  ): Promise<MetaGradient> {
    this.check({ theta: [theta], alpha: [alpha] }, 1);
    checkMetaGradient(innerSteps, order, tasks.length);
    const work: Work = {
      kind: "metaGradient",
      units: this.groupUnits(tasks, { begin: 0, end: Math.ceil(tasks.length / groupSize) }),
      vectors: [theta, alpha],
      outputs: [this.cleared(spare?.dTheta), this.cleared(spare?.dAlpha)],
      losses: new Float64Array(tasks.length),
      steps: innerSteps,
      clip: checkedClip(innerClip),
      order,
      ordered: true,
    };
    await this.execute(work);
    const [dTheta, dAlpha] = work.outputs;
    const scale = 1 / tasks.length;
    if (!this.scaleFinite(dTheta, scale) || !this.scaleFinite(dAlpha, scale)) {
      throw notFinite("meta-gradient", "not finite", { θ: theta, α: alpha, dθ: dTheta, dα: dAlpha }, this.layout);
    }
    return { taskLosses: [...work.losses], dTheta, dAlpha };
  }

  private async groupSums(
    theta: ParameterVector,
    alpha: ParameterVector,
    tasks: readonly Task[],
    range: GroupRange,
    { innerSteps, order, innerClip, spare }: GroupSumOptions,
  ): Promise<GroupSums> {
    this.check({ theta: [theta], alpha: [alpha] }, 1);
    checkMetaGradient(innerSteps, order, tasks.length);
    checkRange(range, tasks.length);
    const units = this.groupUnits(tasks, range);
    const dTheta = units.map((_, i) => this.cleared(spare?.dTheta[i]));
    const dAlpha = units.map((_, i) => this.cleared(spare?.dAlpha[i]));
    const losses = new Float64Array(tasks.length);
    if (units.length > 0) {
      await this.execute({
        kind: "metaGradient",
        units,
        vectors: [theta, alpha],
        outputs: dTheta.flatMap((vector, i) => [vector, dAlpha[i]]),
        losses,
        steps: innerSteps,
        clip: checkedClip(innerClip),
        order,
        ordered: false,
      });
    }
    return { taskLosses: [...losses.slice(range.begin * groupSize, range.end * groupSize)], dTheta, dAlpha };
  }

  /** One unit per group of tasks in the range. */
  private groupUnits(tasks: readonly Task[], { begin, end }: GroupRange): Int32Array[] {
    const units: Int32Array[] = [];
    for (let group = begin; group < end; group++) {
      const first = group * groupSize;
      const own = tasks.slice(first, first + groupSize);
      const parts: ArrayLike<number>[] = [[first, own.length]];
      for (const batch of own.flatMap(({ support, query }) => [support, query])) {
        const forest = SimdBatch.own(batch, this.config).whole();
        parts.push([forest.length], forest);
      }
      units.push(joined(parts));
    }
    return units;
  }

  /** A vector for sums: `spare`, if it is a vector of this engine. Its embedding is zero; the rest, the first unit of a sum writes. */
  private cleared(spare: ParameterVector | undefined, shared = true): Float32Array {
    if (spare instanceof Float32Array && spare.length === this.layout.size)
      return spare.fill(0, 0, this.layout.tensors[0].size);
    return shared ? this.vector() : new Float32Array(this.layout.size);
  }

  /** The kernel writes where it is told to. */
  private checkPart({ offset, size }: { readonly offset: number; readonly size: number }): void {
    const end = offset + size;
    if ([offset, size].every((value) => Number.isInteger(value) && value >= 0) && end <= this.layout.size) return;
    throw usageError({
      where: "optimiser, clamp",
      found: `the values ${offset} … ${end - 1}`,
      expected: `values from 0 to ${this.layout.size - 1}`,
    });
  }

  /** @throws `USAGE` for a vector of another engine */
  private optimised(gradient: Float32Array): OptimisedVector {
    const found = this.trained?.behind(gradient);
    if (found !== undefined) return found;
    throw usageError({
      where: "optimiser",
      found: "a vector of another engine",
      expected: "one of optimiser.vector()",
    });
  }

  /** In place; threads share a large vector in ranges. The values are independent of each other, so the bits are the same. */
  private async adamStep({ gradient }: TrainedVector, step: AdamStep): Promise<void> {
    this.checkOpen();
    const { id, memory, padded, run } = this.optimised(gradient);
    if (this.pool === undefined || this.described.workers === 1 || padded < sharedStep) {
      stepRange(run, padded, 0, padded, step);
      return;
    }
    const units: Int32Array[] = [];
    for (let begin = 0; begin < padded; begin += stepUnit) {
      units.push(Int32Array.of(begin, Math.min(padded, begin + stepUnit)));
    }
    await this.execute({
      ...{ kind: "adam", units, vectors: [], outputs: [], losses: new Float64Array(0) },
      ...{ steps: 0, order: 1, clip: 0, ordered: false },
      adam: { id, memory, padded, step },
    });
  }

  /** vector *= scale; false if a value is NaN or infinite. */
  private scaleFinite(vector: Float32Array, scale: number): boolean {
    const found = this.trained?.behind(vector);
    if (found === undefined) return scaleFinite(vector, scale);
    found.run.scale(found.padded, scale);
    return found.run.finite(found.padded) !== 0;
  }

  /** Ends the threads. A call that is still running fails. */
  dispose(): void {
    this.disposed = true;
    this.pool?.dispose();
  }

  private async eachBatch(
    kind: WorkKind,
    batches: readonly Batch[],
    vectors: Vectors,
    steps = 0,
    clip = 0,
    spare: readonly ParameterVector[] = [],
  ) {
    this.check(vectors, batches.length);
    const own = batches.map((batch) => SimdBatch.own(batch, this.config));
    const [thetas, directions = thetas] = Object.values(vectors);
    const losses: number[] = [];
    const outputs: Float32Array[] = [];
    const atOnce = this.vectorsAtOnce();
    for (let begin = 0; begin < own.length; begin += atOnce) {
      const end = Math.min(own.length, begin + atOnce);
      const distinct = [
        ...new Set([thetas[begin], directions[begin], ...thetas.slice(begin, end), ...directions.slice(begin, end)]),
      ];
      const numbers = new Map(distinct.map((vector, i) => [vector, i]));
      const units: Int32Array[] = [];
      const results: Float32Array[] = [];
      for (let i = begin; i < end; i++) {
        // Adaptation is not a sum over parts, and a person has few pairs.
        const parts = kind === "adapt" ? [own[i].whole()] : own[i].split();
        let row = 0;
        for (const part of parts) {
          units.push(joined([[i - begin, numbers.get(thetas[i])!, numbers.get(directions[i])!, row], part]));
          row += part[2];
        }
        results.push(
          kind === "logits" ? new Float32Array(own[i].size * this.config.nItems) : this.cleared(spare[i], false),
        );
      }
      const work: Work = {
        kind,
        units,
        vectors: distinct,
        outputs: results,
        losses: new Float64Array(end - begin),
        steps,
        order: 1,
        clip,
        ordered: kind !== "logits" && units.length > results.length,
      };
      await this.execute(work);
      losses.push(...work.losses);
      outputs.push(...results);
    }
    return { losses, outputs };
  }

  /**
   * One call after the other, the first at once; a single unit is computed without a message to a thread, unless it takes long:
   * then the calling thread must handle signals meanwhile.
   */
  private execute(work: Work, steps = work.steps): Promise<void> {
    const run = async () => {
      this.checkOpen();
      const shared = this.described.workers > 1 && work.units.length > 1;
      if (this.pool !== undefined && (shared || steps >= longSteps)) {
        try {
          const here = this.callerComputes && shared && steps < longSteps;
          return await this.pool.execute(work, here ? this.executor : undefined);
        } catch (error) {
          if (!(error instanceof WorkersNotLoaded)) throw error;
          if (this.described.workers > 1) this.warn(workersNotLoaded(error.message, this.described.workers));
          this.pool = undefined;
          this.described = { ...this.described, workers: 1 };
        }
      }
      this.executor.begin(work);
      const alone: Schedule = { alone: true, inTurn: (_, { add }) => add(), at: () => {} };
      for (let unit = 0; unit < work.units.length; unit++) this.executor.unit(work, unit, alone);
    };
    const result = this.last === undefined ? run() : this.last.then(run);
    const ended: Promise<void> = result.then(
      () => this.end(ended),
      () => this.end(ended),
    );
    this.last = ended;
    return result;
  }

  private end(call: Promise<unknown>): void {
    if (this.last === call) this.last = undefined;
  }

  private checkOpen(): void {
    if (this.disposed) throw usageError({ where: "SIMD engine", found: "a call after dispose()" });
  }

  private check(vectors: Vectors, batches: number): void {
    this.checkOpen();
    checkVectors("SIMD engine", vectors, batches, this.layout);
  }
}

/** The norm to clip at; 0 for none. */
function checkedClip(innerClip: number | undefined): number {
  checkInnerClip(innerClip);
  return innerClip ?? 0;
}

function checkRange({ begin, end }: GroupRange, tasks: number): void {
  const groups = Math.ceil(tasks / groupSize);
  if (Number.isInteger(begin) && Number.isInteger(end) && begin >= 0 && begin <= end && end <= groups) return;
  throw usageError({
    where: "groups",
    found: `${begin} … ${end}`,
    expected: `a range in 0 … ${groups}: groups of ${groupSize} of ${tasks} tasks`,
  });
}

/** Lists one after the other. */
function joined(parts: readonly ArrayLike<number>[]): Int32Array {
  const words = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    words.set(part, at);
    at += part.length;
  }
  return words;
}

/** vector *= scale; false if a value is NaN or infinite. */
function scaleFinite(vector: Float32Array, scale: number): boolean {
  let finite = 0;
  for (let i = 0; i < vector.length; i++) finite += (vector[i] *= scale) * 0;
  return finite === 0;
}
