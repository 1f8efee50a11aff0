import {
  type MetaTrainedValues,
  type ParameterVector,
  type ResidentIteration,
  type ResidentStart,
  usageError,
} from "@kshot/contract";
import { type GruConfig, gruParameterLayout } from "@kshot/gru-layout";
import type { TaskBlock } from "../blocks.js";
import { outOfMemory } from "../device/gpu-errors.js";
import { GrowingBuffer } from "../device/growing-buffer.js";
import type { GpuAdapterDescription } from "../device/open-device.js";
import type { SharedDevice } from "../device/shared-device.js";
import { mapModeRead, usage } from "../device/usage.js";
import { shapeWords } from "../wgsl/shape.js";
import { adamWords } from "./adam-words.js";
import type { Kernels } from "./compile.js";
import { ResidentBuffers } from "./resident-buffers.js";
import { type Job, layOut, type Round, type RoundLimits, splitIntoRounds } from "./rounds.js";
import { sumWords } from "./sum-words.js";

/** Result of a job. */
export interface JobResult {
  readonly losses: Float32Array;
  /** One for each of the job's reads. */
  readonly reads: readonly Float32Array[];
}

/** Cost of the calls since the card was opened. */
export interface GpuCounts {
  dispatches: number;
  /** Bytes copied from the card to the host. */
  bytesRead: number;
  /** Number of times that the host waited for results. */
  reads: number;
}

/** Most floats that one round reads back, and most values of its vectors. */
const readFloats = 2 ** 25;
const vectorFloats = 2 ** 26;

/** Losses of each task's gradients, in the order of its program; dθ and dα one after the other. */
export interface TaskSums {
  readonly losses: readonly Float32Array[];
  readonly total: Float32Array;
}

type TaskRound = readonly TaskBlock[];

/** The result of an iteration of resident training. */
interface IterationOutcome {
  readonly losses: readonly Float32Array[];
  /** False: a loss or a value of the mean gradient is not finite, and nothing was updated. */
  readonly finite: boolean;
}

type Updates = Pick<ResidentIteration, "theta" | "alpha">;

/** The buffers that a program takes its vectors and rates from. */
interface Sources {
  readonly vectors: GPUBuffer;
  readonly alpha: GPUBuffer;
}

/** Floats that are read back. */
interface Part {
  readonly buffer: GPUBuffer;
  readonly at: number;
  readonly floats: number;
}

/** The device of one engine: its kernels, its buffers, and copies to and from the host. */
export class Card {
  readonly counts: GpuCounts = { dispatches: 0, bytesRead: 0, reads: 0 };
  readonly device: GPUDevice;
  readonly adapter: GpuAdapterDescription;
  private readonly buffers: Record<
    "words" | "vectors" | "alpha" | "work" | "losses" | "sums" | "total" | "refused",
    GrowingBuffer
  >;
  private readonly staging: GrowingBuffer;
  private readonly shape: GPUBuffer;
  private readonly size: number;
  private workFloats: number;
  private disposed = false;

  /** @param workBytes most bytes that the tasks of one dispatch may take */
  constructor(
    private readonly shared: SharedDevice,
    private readonly kernels: Kernels,
    private readonly config: GruConfig,
    workBytes: number,
  ) {
    const { device } = shared;
    this.device = device;
    this.adapter = shared.adapter;
    this.size = gruParameterLayout(config).size;
    const buffer = (label: string) => new GrowingBuffer(device, label);
    this.buffers = {
      words: buffer("words"),
      vectors: buffer("vectors"),
      alpha: buffer("alpha"),
      work: buffer("work"),
      losses: buffer("losses"),
      sums: buffer("sums"),
      total: buffer("total"),
      refused: buffer("refused"),
    };
    this.staging = new GrowingBuffer(device, "staging", usage.mapRead | usage.copyTarget);
    const words = shapeWords(config);
    this.shape = device.createBuffer({
      label: "shape",
      size: words.byteLength,
      usage: usage.uniform | usage.copyTarget,
    });
    device.queue.writeBuffer(this.shape, 0, words);
    const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
    // Offsets are 32-bit words.
    this.workFloats = Math.floor(Math.min(workBytes, maxBufferSize, maxStorageBufferBindingSize, 2 ** 33 - 4) / 4);
  }

  /** Runs jobs, in as many rounds as memory requires. `alpha`: for jobs that step. */
  perform(jobs: readonly Job[], alpha?: ParameterVector): Promise<JobResult[]> {
    return this.alone(async () => {
      const results: JobResult[] = [];
      for (const round of await this.rounds(jobs)) {
        const placed = layOut(round);
        this.upload(placed.vectors, alpha);
        const encoder = this.device.createCommandEncoder();
        this.encodeRun(encoder, placed, placed.losses, this.uploaded());
        const parts: Part[] = [{ buffer: this.buffers.losses.get(4 * placed.losses), at: 0, floats: placed.losses }];
        const work = this.buffers.work.get(4 * placed.workFloats);
        for (const [i, { reads }] of round.entries()) {
          for (const { at, floats } of reads) parts.push({ buffer: work, at: placed.bases[i]! + at, floats });
        }
        const values = await this.readBack(encoder, parts);
        let at = placed.losses;
        for (const [i, { block, reads }] of round.entries()) {
          const begin = placed.lossBegins[i]!;
          results.push({
            losses: values.slice(begin, begin + block.losses),
            reads: reads.map(({ floats }) => values.subarray(at, (at += floats))),
          });
        }
      }
      return results;
    });
  }

  /** Mean of the tasks' dθ and dα, one after the other, and each task's losses. */
  metaGradient(theta: ParameterVector, alpha: ParameterVector, tasks: readonly TaskBlock[]): Promise<TaskSums> {
    return this.alone(async () => {
      const rounds = await this.taskRounds(tasks);
      this.upload([theta], alpha);
      const losses = tasks.reduce((sum, { block }) => sum + block.losses, 0);
      const encoder = this.encodeTasks(rounds, tasks.length, losses, this.uploaded());
      const values = await this.readBack(encoder, [
        { buffer: this.buffers.losses.get(4 * losses), at: 0, floats: losses },
        { buffer: this.buffers.total.get(8 * this.size), at: 0, floats: 2 * this.size },
      ]);
      let at = 0;
      const each = tasks.map(({ block }) => values.subarray(at, (at += block.losses)));
      return { losses: each, total: values.subarray(losses) };
    });
  }

  /** θ, α and moments in separate buffers. */
  resident(start: ResidentStart): Promise<ResidentBuffers> {
    let buffers: ResidentBuffers | undefined;
    return this.alone(
      async () => {
        buffers = new ResidentBuffers(this.device, this.size, start);
        return buffers;
      },
      () => buffers?.destroy(),
    );
  }

  /** A meta-gradient at the resident θ and α, then the updates: three dispatches, and the losses and one word are read. */
  iterate(resident: ResidentBuffers, tasks: readonly TaskBlock[], update: Updates): Promise<IterationOutcome> {
    return this.alone(async () => {
      const rounds = await this.taskRounds(tasks);
      const { device, buffers } = this;
      device.queue.writeBuffer(resident.settings, 0, adamWords(update, resident.adapting));
      const losses = tasks.reduce((sum, { block }) => sum + block.losses, 0);
      const { theta, alpha, moments, settings } = resident;
      const encoder = this.encodeTasks(rounds, tasks.length, losses, { vectors: theta, alpha });
      const [total, refused] = [buffers.total.get(8 * this.size), buffers.refused.get(4)];
      this.encodeOverVector(encoder, this.kernels.adam, [settings, theta, alpha, moments, total, refused]);
      const values = await this.readBack(encoder, [
        { buffer: buffers.losses.get(4 * losses), at: 0, floats: losses },
        { buffer: refused, at: 0, floats: 1 },
      ]);
      let at = 0;
      const each = tasks.map(({ block }) => values.subarray(at, (at += block.losses)));
      return { losses: each, finite: values[losses] === 0 };
    });
  }

  /** The buffers of a training on the card. */
  readResident(resident: ResidentBuffers): Promise<MetaTrainedValues> {
    return this.alone(async () => {
      return resident.values(await this.readBack(this.device.createCommandEncoder(), resident.parts()));
    });
  }

  dispose(): void {
    this.disposed = true;
    this.freeBuffers();
    this.shape.destroy();
    this.shared.release();
  }

  /** Runs a call of the device. If it refuses the call, the next call allocates new buffers. */
  private alone<T>(call: () => Promise<T>, onRefusal: () => void = () => {}): Promise<T> {
    const result = this.shared.alone(
      async () => {
        this.requireOpen();
        return call();
      },
      () => {
        this.freeBuffers();
        onRefusal();
      },
    );
    // A device or buffer that is freed during a call makes errors of many kinds.
    return result.catch((error) => {
      if (this.disposed) throw disposedError(error);
      throw error;
    });
  }

  /** @throws `USAGE` after `dispose` */
  private requireOpen(): void {
    if (this.disposed) throw disposedError();
  }

  private freeBuffers(): void {
    for (const buffer of Object.values(this.buffers)) buffer.destroy();
    this.staging.destroy();
  }

  /** Encodes all rounds of a meta-gradient, submits all but the last, and returns the encoder of the last. */
  private encodeTasks(
    rounds: readonly TaskRound[],
    tasks: number,
    losses: number,
    sources: Sources,
  ): GPUCommandEncoder {
    const { nItems, embeddingDim } = this.config;
    this.device.queue.writeBuffer(this.buffers.refused.get(4), 0, new Uint32Array(1));
    let firstLoss = 0;
    for (const [i, round] of rounds.entries()) {
      const last = i === rounds.length - 1;
      const placed = layOut(
        round.map(({ block }) => ({ block, sources: [oneSource], reads: [] })),
        firstLoss,
      );
      firstLoss += placed.losses;
      const encoder = this.device.createCommandEncoder();
      this.encodeRun(encoder, placed, losses, sources);
      const words = sumWords(round, placed.bases, {
        nItems,
        embeddingDim,
        first: i === 0,
        scale: last ? 1 / tasks : 1,
        losses: last ? losses : 0,
      });
      this.encodeSum(encoder, words, losses);
      if (last) return encoder;
      this.device.queue.submit([encoder.finish()]);
    }
    throw new Error("a meta-gradient without rounds");
  }

  /** The buffers that `upload` fills. */
  private uploaded(): Sources {
    return { vectors: this.buffers.vectors.get(0), alpha: this.buffers.alpha.get(0) };
  }

  private encodeRun(
    encoder: GPUCommandEncoder,
    { words, workFloats, jobs }: Round,
    losses: number,
    { vectors, alpha }: Sources,
  ): void {
    const { device, buffers } = this;
    const wordsBuffer = buffers.words.get(words.byteLength);
    device.queue.writeBuffer(wordsBuffer, 0, words);
    this.encode(encoder, this.kernels.run, jobs.length, [
      wordsBuffer,
      vectors,
      alpha,
      buffers.work.get(4 * workFloats),
      buffers.losses.get(4 * losses),
    ]);
  }

  private encodeSum(encoder: GPUCommandEncoder, words: Int32Array<ArrayBuffer>, losses: number): void {
    const { device, buffers } = this;
    const sums = buffers.sums.get(words.byteLength);
    device.queue.writeBuffer(sums, 0, words);
    this.encodeOverVector(encoder, this.kernels.sumTasks, [
      sums,
      buffers.work.get(0),
      buffers.total.get(8 * this.size),
      buffers.losses.get(4 * losses),
      buffers.refused.get(4),
    ]);
  }

  /** A kernel that passes over all values of a vector. */
  private encodeOverVector(encoder: GPUCommandEncoder, kernel: GPUComputePipeline, bound: GPUBuffer[]): void {
    const groups = Math.min(Math.ceil(this.size / 64), this.device.limits.maxComputeWorkgroupsPerDimension);
    this.encode(encoder, kernel, groups, bound);
  }

  private encode(encoder: GPUCommandEncoder, kernel: GPUComputePipeline, groups: number, bound: GPUBuffer[]): void {
    const pass = encoder.beginComputePass();
    pass.setPipeline(kernel);
    const layout = kernel.getBindGroupLayout(0);
    const entries = [this.shape, ...bound].map((buffer, binding) => ({ binding, resource: { buffer } }));
    pass.setBindGroup(0, this.device.createBindGroup({ layout, entries }));
    pass.dispatchWorkgroups(groups);
    pass.end();
    this.counts.dispatches += 1;
  }

  private upload(vectors: readonly ParameterVector[], alpha: ParameterVector | undefined): void {
    const { queue } = this.device;
    const bytes = 4 * this.size;
    const buffer = this.buffers.vectors.get(bytes * vectors.length);
    for (const [i, vector] of vectors.entries()) queue.writeBuffer(buffer, i * bytes, singles(vector));
    if (alpha !== undefined) queue.writeBuffer(this.buffers.alpha.get(bytes), 0, singles(alpha));
  }

  /** Submits, waits, and returns the parts in order. */
  private async readBack(encoder: GPUCommandEncoder, parts: readonly Part[]): Promise<Float32Array> {
    const floats = parts.reduce((sum, part) => sum + part.floats, 0);
    const staging = this.staging.get(4 * floats);
    let to = 0;
    for (const { buffer, at, floats } of parts) {
      if (floats > 0) encoder.copyBufferToBuffer(buffer, 4 * at, staging, 4 * to, 4 * floats);
      to += floats;
    }
    this.device.queue.submit([encoder.finish()]);
    await staging.mapAsync(mapModeRead, 0, Math.max(4, 4 * floats));
    const values = new Float32Array(staging.getMappedRange(0, Math.max(4, 4 * floats)).slice(0, 4 * floats));
    staging.unmap();
    this.counts.bytesRead += 4 * floats;
    this.counts.reads += 1;
    return values;
  }

  private async taskRounds(tasks: readonly TaskBlock[]): Promise<TaskRound[]> {
    const of = new Map(tasks.map((task) => [task.block, task]));
    const jobs = tasks.map(({ block }) => ({ block, sources: [oneSource], reads: [] }));
    return (await this.rounds(jobs)).map((round) => round.map(({ block }) => of.get(block)!));
  }

  /** Splits the jobs into rounds that fit into the device's memory, and allocates it. @throws `FAILED` if one job is too large. */
  private async rounds(jobs: readonly Job[]): Promise<Job[][]> {
    // Loops: the arguments of a call are limited, the jobs of one are not.
    const largest = jobs.reduce((most, { block }) => Math.max(most, block.floats), 0);
    for (;;) {
      if (largest > this.workFloats) throw outOfMemory(this.adapter, 4 * largest);
      const limits: RoundLimits = {
        workFloats: this.workFloats,
        vectorFloats: Math.min(vectorFloats, Math.floor(this.device.limits.maxStorageBufferBindingSize / 4)),
        readFloats,
        workgroups: this.device.limits.maxComputeWorkgroupsPerDimension,
      };
      const rounds = splitIntoRounds(jobs, this.size, limits);
      const sizes = rounds.map((round) => round.reduce((sum, { block }) => sum + block.floats, 0));
      const needed = sizes.reduce((most, size) => Math.max(most, size), 0);
      this.device.pushErrorScope("out-of-memory");
      const { size } = this.buffers.work.get(4 * needed, 4 * this.workFloats);
      const refusal = await this.device.popErrorScope();
      if (refusal === null) return rounds;
      this.buffers.work.destroy();
      // The buffer was to grow to twice its size. The second request is only for the size that the rounds need.
      if (size > Math.max(16, 4 * needed)) continue;
      if (needed === largest) throw outOfMemory(this.adapter, 4 * largest, refusal);
      // Other programs use the card too, so free memory can be less than the adapter's limit.
      this.workFloats = Math.max(largest, Math.floor(needed / 2));
    }
  }
}

/** An error of a call after `dispose`, or of one that `dispose` has ended. */
function disposedError(cause?: unknown) {
  return usageError({
    where: "GPU engine",
    found: "a call after dispose(), or one that was still running",
    expected: "dispose() after the last call has ended",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Placeholder for the vector that every task uses. */
const oneSource: ParameterVector = new Float32Array(0);

function singles(vector: ParameterVector): Float32Array<ArrayBuffer> {
  // Shared memory must be copied: the device does not accept it.
  if (vector instanceof Float32Array && vector.buffer instanceof ArrayBuffer)
    return vector as Float32Array<ArrayBuffer>;
  return Float32Array.from(vector);
}
