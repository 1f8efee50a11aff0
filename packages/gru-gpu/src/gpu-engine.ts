import {
  type Batch,
  type BatchOptions,
  type Engine,
  type EngineDescription,
  type FusedStepOptions,
  type Gradients,
  type Logits,
  type Mask,
  type MetaGradient,
  type MetaGradientOptions,
  type Pairs,
  type ParameterLayout,
  type ParameterVector,
  type ResidentStart,
  type ResidentTraining,
  type Task,
  usageError,
} from "@kshot/contract";
import {
  allFinite,
  checkInnerClip,
  checkMetaGradient,
  checkQueries,
  checkSteps,
  checkVectors,
  type GruConfig,
  gruParameterLayout,
  notFinite,
} from "@kshot/gru-layout";
import type { Block, Place } from "./block.js";
import {
  adaptBlock,
  adaptedLogitsBlock,
  gradientBlock,
  logitsBlock,
  productBlock,
  type TaskBlock,
  taskBlock,
} from "./blocks.js";
import type { GpuAdapterDescription } from "./device/open-device.js";
import type { LiveForest } from "./encode-forest.js";
import { GpuBatch } from "./gpu-batch.js";
import { MemoryPlan } from "./memory-plan.js";
import type { Card, GpuCounts } from "./run/card.js";
import type { Job } from "./run/rounds.js";

type Vectors = Readonly<Record<string, readonly ParameterVector[]>>;

/** The engine that `createGpuEngine` makes. */
export class GpuEngine implements Engine<Pairs> {
  readonly layout: ParameterLayout;
  readonly description: EngineDescription;
  readonly clipsInnerGradients = true;
  private readonly plan: MemoryPlan;
  private disposed = false;

  constructor(
    private readonly config: GruConfig,
    private readonly mask: Mask,
    private readonly card: Card,
  ) {
    this.layout = gruParameterLayout(config);
    this.plan = new MemoryPlan(config);
    this.description = { name: "gpu", backend: card.adapter.name, workers: 1 };
  }

  /** The adapter: name, limits, features. */
  get adapter(): GpuAdapterDescription {
    return this.card.adapter;
  }

  /** Total cost of all calls so far. */
  get counts(): Readonly<GpuCounts> {
    return { ...this.card.counts };
  }

  vector(): Float32Array {
    return new Float32Array(this.layout.size);
  }

  batch(examples: Pairs, { mask = this.mask, stateDropout, offsets }: BatchOptions = {}): Batch {
    if (offsets !== undefined) {
      throw usageError({
        where: "GPU engine, batch",
        found: "offsets",
        expected: "none: the GPU engine does not have them",
        todo: "Compute on the processor (--device cpu)",
      });
    }
    return new GpuBatch(this.config, examples, mask, stateDropout);
  }

  task(support: Pairs, query: Pairs): Task {
    return { support: this.batch(support), query: this.batch(query) };
  }

  async gradients(thetas: readonly ParameterVector[], batches: readonly Batch[]): Promise<Gradients> {
    this.check({ thetas }, batches.length);
    const { plan } = this;
    const results = await this.eachPart(batches, { θ: thetas }, (part, size) => gradientBlock(plan, part, size));
    for (const [i, { loss }] of results.entries()) this.requireFinite(`loss of batch ${i}`, loss, { θ: thetas[i]! });
    return { losses: results.map(({ loss }) => loss), gradients: results.map(({ parts }) => this.summed(parts, 1)) };
  }

  async hessianVectorProducts(
    thetas: readonly ParameterVector[],
    batches: readonly Batch[],
    directions: readonly ParameterVector[],
  ): Promise<Float32Array[]> {
    this.check({ thetas, directions }, batches.length);
    const { plan } = this;
    const vectors = { θ: thetas, u: directions };
    const results = await this.eachPart(batches, vectors, (part, size) => productBlock(plan, part, size));
    for (const [i, { loss }] of results.entries()) this.requireFinite(`loss of batch ${i}`, loss, { θ: thetas[i]! });
    return results.map(({ parts }) => this.summed(parts, -1));
  }

  async logits(thetas: readonly ParameterVector[], batches: readonly Batch[]): Promise<Logits[]> {
    this.check({ thetas }, batches.length);
    const { plan } = this;
    const columns = this.config.nItems;
    const results = await this.eachPart(batches, { θ: thetas }, (part) => logitsBlock(plan, part, columns));
    return results.map(({ parts }, i) => {
      const rows = batches[i]!.size;
      const values = new Float32Array(rows * columns);
      let at = 0;
      for (const { values: part } of parts) {
        values.set(part, at);
        at += part.length;
      }
      return { rows, columns, values };
    });
  }

  /**
   * Fits the model to each batch: θ_{k+1} = θ_k − α∘∇L(θ_k), k = 0 … steps − 1, in one dispatch.
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
    checkInnerClip(innerClip);
    this.checkRates(theta, alpha);
    const blocks = batches.map((batch) => adaptBlock(this.plan, GpuBatch.own(batch, this.config), steps, innerClip));
    const jobs = blocks.map(({ block, out }) => ({ block, sources: [theta], reads: [out] }));
    const results = await this.card.perform(jobs, alpha);
    return results.map(({ losses, reads }, i) => {
      const loss = losses.find((value) => !Number.isFinite(value));
      if (loss !== undefined) {
        throw notFinite(`loss of batch ${i} while adapting`, loss, { θ: theta, α: alpha }, this.layout);
      }
      const adapted = Float32Array.from(theta);
      const width = this.config.embeddingDim;
      const { items } = blocks[i]!.block;
      for (const [row, item] of items.entries()) {
        adapted.set(reads[0]!.subarray(row * width, (row + 1) * width), item * width);
      }
      adapted.set(reads[0]!.subarray(items.length * width), this.config.nItems * width);
      return adapted;
    });
  }

  /**
   * Scores of each person's queries after some numbers of steps on their support. Only scores are copied from the device.
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
    checkInnerClip(innerClip);
    this.checkRates(theta, alpha);
    checkQueries("GPU engine", queries, steps, supports.length);
    const columns = this.config.nItems;
    const own = (batch: Batch) => GpuBatch.own(batch, this.config);
    const jobs = supports.map((support, person): Job => {
      const asked = queries.map((list) => own(list[person]!));
      const { block, outs } = adaptedLogitsBlock(this.plan, own(support), asked, steps, columns, innerClip);
      return { block, sources: [theta], reads: outs };
    });
    const results = await this.card.perform(jobs, alpha);
    for (const [person, { losses }] of results.entries()) {
      const loss = losses.find((value) => !Number.isFinite(value));
      if (loss === undefined) continue;
      throw notFinite(`loss of batch ${person} while adapting`, loss, { θ: theta, α: alpha }, this.layout);
    }
    return steps.map((_, i) =>
      results.map(({ reads }, person) => ({ rows: queries[i]![person]!.size, columns, values: reads[i]! })),
    );
  }

  /** Mean of the tasks' exact (or first-order) meta-gradients: one dispatch for all tasks, one for their sum. */
  async metaGradient(
    theta: ParameterVector,
    alpha: ParameterVector,
    tasks: readonly Task[],
    options: MetaGradientOptions,
  ): Promise<MetaGradient> {
    this.checkRates(theta, alpha);
    const blocks = this.taskBlocks(tasks, options);
    const { losses, total } = await this.card.metaGradient(theta, alpha, blocks);
    const taskLosses = blocks.map(({ queryLoss }, task) => losses[task]![queryLoss]!);
    for (const [task, each] of losses.entries()) {
      const loss = each.find((value) => !Number.isFinite(value));
      if (loss !== undefined) this.requireFinite(`loss of task ${task}`, loss, { θ: theta, α: alpha });
    }
    const { size } = this.layout;
    const { spare } = options;
    const filled = (vector: ParameterVector | undefined, values: Float32Array) => {
      const out = vector instanceof Float32Array && vector.length === size ? vector : this.vector();
      out.set(values);
      return out;
    };
    const dTheta = filled(spare?.dTheta, total.subarray(0, size));
    const dAlpha = filled(spare?.dAlpha, total.subarray(size));
    if (!allFinite(total)) {
      throw notFinite("meta-gradient", "not finite", { θ: theta, α: alpha, dθ: dTheta, dα: dAlpha }, this.layout);
    }
    return { taskLosses, dTheta, dAlpha };
  }

  /** θ, α and Adam's moments stay on the card, in float32: an iteration is three dispatches, and reads the losses and one word. */
  async residentTraining(start: ResidentStart): Promise<ResidentTraining> {
    this.checkRates(start.theta.parameters, start.alpha.parameters);
    for (const [name, { firstMoment, secondMoment }] of Object.entries({ θ: start.theta, α: start.alpha })) {
      this.check({ [`first moment of ${name}`]: [firstMoment], [`second moment of ${name}`]: [secondMoment] }, 1);
    }
    const resident = await this.card.resident(start);
    let freed = false;
    const requireKept = () => {
      if (freed) throw usageError({ where: "GPU engine, resident training", found: "a call after dispose()" });
    };
    return {
      iterate: async (tasks, iteration) => {
        requireKept();
        const blocks = this.taskBlocks(tasks, iteration);
        const { losses, finite } = await this.card.iterate(resident, blocks, iteration);
        return { taskLosses: blocks.map(({ queryLoss }, task) => losses[task]![queryLoss]!), finite };
      },
      read: async () => {
        requireKept();
        return this.card.readResident(resident);
      },
      dispose: () => {
        freed = true;
        resident.destroy();
      },
    };
  }

  /** Frees the device. A call that is still running fails. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.card.dispose();
  }

  private taskBlocks(tasks: readonly Task[], options: MetaGradientOptions): TaskBlock[] {
    checkMetaGradient(options.innerSteps, options.order, tasks.length);
    checkInnerClip(options.innerClip);
    const own = (batch: Batch) => GpuBatch.own(batch, this.config);
    return tasks.map(({ support, query }) =>
      taskBlock(this.plan, { support: own(support), query: own(query) }, options),
    );
  }

  /** One block for each part of each batch: its values, its items, and the batch's loss. */
  private async eachPart(
    batches: readonly Batch[],
    vectors: Vectors,
    make: (part: LiveForest, size: number) => { block: Block; out: Place },
  ) {
    const jobs: Job[] = [];
    const owners: number[] = [];
    for (const [i, batch] of batches.entries()) {
      const own = GpuBatch.own(batch, this.config);
      const sources = Object.values(vectors).map((list) => list[i]!);
      for (const part of own.split()) {
        const { block, out } = make(part, own.size);
        jobs.push({ block, sources, reads: [out] });
        owners.push(i);
      }
    }
    const results = batches.map(() => ({ loss: 0, parts: [] as { items: Int32Array; values: Float32Array }[] }));
    for (const [job, { losses, reads }] of (await this.card.perform(jobs)).entries()) {
      const result = results[owners[job]!]!;
      for (const loss of losses) result.loss += loss;
      result.parts.push({ items: jobs[job]!.block.items, values: reads[0]! });
    }
    return results;
  }

  /** A vector of the layout from the parts' vectors, summed in their order and times `sign`. */
  private summed(parts: readonly { items: Int32Array; values: Float32Array }[], sign: 1 | -1): Float32Array {
    const out = this.vector();
    const width = this.config.embeddingDim;
    const embedding = this.config.nItems * width;
    for (const { items, values } of parts) {
      for (const [row, item] of items.entries()) {
        for (let j = 0; j < width; j++) out[item * width + j]! += sign * values[row * width + j]!;
      }
      const rest = items.length * width;
      for (let i = embedding; i < out.length; i++) out[i]! += sign * values[rest + i - embedding]!;
    }
    return out;
  }

  private requireFinite(where: string, loss: number, vectors: Readonly<Record<string, ParameterVector>>): void {
    if (!Number.isFinite(loss)) throw notFinite(where, loss, vectors, this.layout);
  }

  private checkRates(theta: ParameterVector, alpha: ParameterVector): void {
    this.check({ theta: [theta], alpha: [alpha] }, 1);
  }

  private check(vectors: Vectors, batches: number): void {
    if (this.disposed) throw usageError({ where: "GPU engine", found: "a call after dispose()" });
    checkVectors("GPU engine", vectors, batches, this.layout);
    // A shader can compute any value from NaN, so NaN is refused here.
    for (const [name, list] of Object.entries(vectors)) {
      const symbol = symbols[name] ?? name;
      for (const [i, vector] of list.entries()) {
        if (list.indexOf(vector) !== i || allFinite(vector)) continue;
        throw notFinite(`${symbol} of batch ${i}`, "not finite", { [symbol]: vector }, this.layout);
      }
    }
  }
}

const symbols: Readonly<Record<string, string>> = { theta: "θ", thetas: "θ", alpha: "α", directions: "u" };
