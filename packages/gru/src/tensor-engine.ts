import {
  type Batch,
  type BatchOptions,
  type Engine,
  type Gradients,
  type Logits,
  type Mask,
  type Pairs,
  type ParameterVector,
  usageError,
} from "@kshot/contract";
import { checkVectors, type GruConfig, gruConfig, gruParameterLayout, notFinite } from "@kshot/gru-layout";
import { type BackendName, useBackend } from "@kshot/tensor-fn";
import { chunksOf } from "./chunks.js";
import { laneGradients, laneHessianVectorProducts, laneLogits } from "./derivatives.js";
import { exclusive } from "./exclusive.js";
import { joinForLogits } from "./join-for-logits.js";
import { TensorBatch } from "./tensor-batch.js";

/** Options of a tensor engine. */
export interface TensorEngineOptions {
  readonly config: GruConfig;
  /** TensorFlow.js backend; wasm by default. */
  readonly backend?: BackendName;
  /** The state that the output layer reads if `batch` has no option for it; default: the carried state. */
  readonly mask?: Mask;
}

/**
 * The GRU recommender as an `Engine<Pairs>`, differentiated by tensor-fn's autodiff; many tasks run as a leading axis.
 *
 * Parameters are flat vectors in the order of `gruParameterLayout(config)`; gradients are fresh `Float32Array`s. Calls run
 * one after the other and hold no tensor between them.
 *
 * @throws `USAGE` for a configuration, vector length or batch that does not fit; `FAILED` from `gradients` for a loss that is
 * not finite, naming the first tensor of θ that holds NaN or infinity.
 * @example
 * ```js
 * import { createTensorEngine } from "@kshot/gru";
 * import { gruConfig, initialParameters } from "@kshot/gru-layout";
 *
 * const config = gruConfig({ nItems: 20, embeddingDim: 8, hiddenDim: 16 });
 * const engine = await createTensorEngine({ config });
 * const theta = initialParameters(config, 42);
 * const batch = engine.batch({ sequences: [[3], [3, 7], [3, 7, 1]], labels: [7, 1, 9] });
 * const { losses, gradients } = await engine.gradients([theta], [batch]);
 * const [product] = await engine.hessianVectorProducts([theta], [batch], gradients);
 * console.log(losses.length, product.length === theta.length); // 1 true
 * engine.dispose();
 * ```
 */
export async function createTensorEngine(options: TensorEngineOptions): Promise<Engine<Pairs>> {
  const { backend = "wasm", mask = "carry" } = options;
  const config = gruConfig(options.config);
  await exclusive(() => useBackend(backend));
  return new TensorEngine(config, backend, mask);
}

class TensorEngine implements Engine<Pairs> {
  readonly description;
  readonly layout;
  readonly takesOffsets = true;
  private disposed = false;

  constructor(
    private readonly config: GruConfig,
    private readonly backend: BackendName,
    private readonly mask: Mask,
  ) {
    this.description = { name: "tensor", backend, workers: 1 } as const;
    this.layout = gruParameterLayout(config);
  }

  vector(): Float32Array {
    return new Float32Array(this.layout.size);
  }

  batch(examples: Pairs, { mask = this.mask, ...options }: BatchOptions = {}): Batch {
    return new TensorBatch(this.config, examples, mask, options);
  }

  task(support: Pairs, query: Pairs) {
    return { support: this.batch(support), query: this.batch(query) };
  }

  async gradients(thetas: readonly ParameterVector[], batches: readonly Batch[]): Promise<Gradients> {
    const lanes = this.lanes(batches, { thetas });
    const losses: number[] = new Array(lanes.length);
    const gradients: Float32Array[] = new Array(lanes.length);
    await this.eachChunk(lanes, async (chunk) => {
      const result = await laneGradients(this.model(), pick(thetas, chunk), pick(lanes, chunk));
      for (const [i, lane] of chunk.entries()) {
        if (!Number.isFinite(result.losses[i])) {
          throw notFinite(`loss of batch ${lane}`, result.losses[i], { θ: thetas[lane] }, this.layout);
        }
        losses[lane] = result.losses[i];
        gradients[lane] = result.gradients[i];
      }
    });
    return { losses, gradients };
  }

  async hessianVectorProducts(
    thetas: readonly ParameterVector[],
    batches: readonly Batch[],
    directions: readonly ParameterVector[],
  ): Promise<Float32Array[]> {
    const lanes = this.lanes(batches, { thetas, directions });
    const products: Float32Array[] = new Array(lanes.length);
    await this.eachChunk(lanes, async (chunk) => {
      const result = await laneHessianVectorProducts(
        this.model(),
        pick(thetas, chunk),
        pick(lanes, chunk),
        pick(directions, chunk),
      );
      for (const [i, lane] of chunk.entries()) products[lane] = result[i];
    });
    return products;
  }

  async logits(thetas: readonly ParameterVector[], batches: readonly Batch[]): Promise<Logits[]> {
    const lanes = this.lanes(batches, { thetas });
    const columns = this.config.nItems;
    const logits: Logits[] = new Array(lanes.length);
    const joined = joinForLogits(thetas, lanes, this.config);
    const joinedLanes = joined.map(({ lane }) => lane);
    await this.eachChunk(joinedLanes, async (chunk) => {
      const points = chunk.map((i) => joined[i].theta);
      const values = await laneLogits(this.model(), points, pick(joinedLanes, chunk));
      for (const [i, joinedLane] of chunk.entries()) {
        let row = 0;
        for (const batch of joined[joinedLane].members) {
          const rows = lanes[batch].size;
          logits[batch] = { rows, columns, values: values[i].slice(row * columns, (row + rows) * columns) };
          row += rows;
        }
      }
    });
    return logits;
  }

  dispose(): void {
    this.disposed = true;
  }

  private model() {
    return { layout: this.layout, numLayers: this.config.numLayers };
  }

  /** Checks a call's arguments before anything is computed. */
  private lanes(
    batches: readonly Batch[],
    vectors: Readonly<Record<string, readonly ParameterVector[]>>,
  ): TensorBatch[] {
    if (this.disposed) throw usageError({ where: "tensor engine", found: "a call after dispose()" });
    checkVectors("tensor engine", vectors, batches.length, this.layout);
    return batches.map((batch) => TensorBatch.own(batch, this.config));
  }

  private async eachChunk(lanes: Parameters<typeof chunksOf>[0], work: (chunk: number[]) => Promise<void>) {
    for (const chunk of chunksOf(lanes, this.config)) {
      await exclusive(async () => {
        await useBackend(this.backend);
        await work(chunk);
      });
    }
  }
}

function pick<T>(list: readonly T[], numbers: readonly number[]): T[] {
  return numbers.map((i) => list[i]);
}
