import {
  type Batch,
  type BatchOptions,
  type Engine,
  entryAt,
  failedError,
  type Gradients,
  KshotError,
  type Logits,
  type ParameterVector,
  parameterLayout,
  usageError,
} from "@kshot/contract";
import {
  type BackendName,
  hessianVectorProduct,
  readSync,
  type Shape,
  type Tensor,
  type Tree,
  tensor,
  tidy,
  useBackend,
  valueAndGrad,
} from "@kshot/tensor-fn";

/** A model's parameters as tensors, by the names of its shapes. */
export type ParameterTensors<Name extends string> = { readonly [Key in Name]: Tensor };

/** A model as plain functions. */
export interface EngineOfOptions<Name extends string, Examples> {
  /** Shape of each parameter, by name; their order is that of the flat vector. `[]` is a scalar. */
  readonly shapes: { readonly [Key in Name]: Shape };
  /**
   * Mean loss of the examples, a scalar tensor, written with tensor-fn's operations. Synchronous and without side effects,
   * because it is called again for each derivative.
   */
  readonly loss: (parameters: ParameterTensors<Name>, examples: Examples) => Tensor;
  /** Scores or predictions, `[examples, columns]`; without it `logits` is a `USAGE` error. */
  readonly predict?: (parameters: ParameterTensors<Name>, examples: Examples) => Tensor;
  /** Number of examples; default: their `length`, or that of the first list among their properties. */
  readonly size?: (examples: Examples) => number;
  /** Backend of TensorFlow.js that computes; default `cpu`, which has the least overhead for small models. */
  readonly backend?: BackendName;
}

interface OwnBatch<Examples> extends Batch {
  readonly examples: Examples;
}

/**
 * An engine for any model that a loss function describes. Gradients and Hessian-vector products come from tensor-fn, which is
 * exact to any order. `trainMeta`, `adapt` and the meta-gradient of `@kshot/meta-sgd` work with it as they do with the GRU.
 *
 * @param options shapes and functions of the model
 * @throws `USAGE` for no parameters or an invalid shape. The engine's calls throw `USAGE` for vectors of another length and for a
 * loss that
 *   is not a scalar, `FAILED` for a loss that is not finite.
 * @example
 * ```js
 * import { engineOf } from "@kshot/engine-of";
 * import { add, mean, mul, square, sub, sum, tensor } from "@kshot/tensor-fn";
 *
 * // Linear regression: the mean of (w·x + b − y)².
 * const engine = await engineOf({
 *   shapes: { w: [2], b: [] },
 *   loss: ({ w, b }, { x, y }) => mean(square(sub(add(sum(mul(tensor(x), w), [1]), b), tensor(y)))),
 * });
 * const batch = engine.batch({
 *   x: [
 *     [1, 2],
 *     [3, 4],
 *   ],
 *   y: [0, 1],
 * });
 * const { losses, gradients } = await engine.gradients([engine.vector()], [batch]);
 * console.log(losses[0], gradients[0]); // 0.5 Float32Array(3) [ -3, -4, -1 ]
 * ```
 */
export async function engineOf<const Name extends string, Examples>(
  options: EngineOfOptions<Name, Examples>,
): Promise<Engine<Examples>> {
  const { shapes, backend = "cpu" } = options;
  const entries = Object.entries(shapes) as [Name, Shape][];
  if (entries.length === 0)
    throw usageError({ where: "engineOf, shapes", found: "no parameter", expected: "at least one" });
  for (const [name, shape] of entries) {
    if (Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size > 0)) continue;
    throw usageError({
      where: `engineOf, shapes.${name}`,
      found: JSON.stringify(shape) ?? String(shape),
      expected: "a list of positive integers, [] for a scalar",
    });
  }
  await useBackend(backend);
  return new LossEngine(options, entries, backend);
}

class LossEngine<Name extends string, Examples> implements Engine<Examples> {
  readonly description;
  readonly layout;
  readonly #options: EngineOfOptions<Name, Examples>;
  readonly #backend: BackendName;
  #disposed = false;

  constructor(options: EngineOfOptions<Name, Examples>, entries: readonly [Name, Shape][], backend: BackendName) {
    this.#options = options;
    this.#backend = backend;
    this.description = { name: "loss", backend, workers: 1 } as const;
    this.layout = parameterLayout(entries);
  }

  vector(): Float32Array {
    return new Float32Array(this.layout.size);
  }

  batch(examples: Examples, options: BatchOptions = {}): OwnBatch<Examples> {
    const [unknown] = Object.entries(options).filter(([, value]) => value !== undefined);
    if (unknown !== undefined) {
      throw usageError({
        where: "engineOf, batch",
        found: unknown[0],
        expected: "no option: the loss reads all that it needs from the examples",
      });
    }
    const size = (this.#options.size ?? sizeOfExamples)(examples);
    if (!Number.isSafeInteger(size) || size < 1) {
      throw usageError({ where: "engineOf, examples", found: `${size} examples`, expected: "at least one" });
    }
    return { size, examples };
  }

  task(support: Examples, query: Examples) {
    return { support: this.batch(support), query: this.batch(query) };
  }

  async gradients(thetas: readonly ParameterVector[], batches: readonly Batch[]): Promise<Gradients> {
    await this.#ready(batches, { thetas });
    const losses: number[] = [];
    const gradients: Float32Array[] = [];
    for (const [i, batch] of batches.entries()) {
      tidy(() => {
        const { value, gradient } = valueAndGrad(this.#loss(batch))(this.#tensors(entryAt(thetas, i)));
        losses.push(this.#finite(entryAt(readSync(value), 0), i, entryAt(thetas, i)));
        gradients.push(this.#vectorOf(gradient));
        return [];
      });
    }
    return { losses, gradients };
  }

  async hessianVectorProducts(
    thetas: readonly ParameterVector[],
    batches: readonly Batch[],
    directions: readonly ParameterVector[],
  ): Promise<Float32Array[]> {
    await this.#ready(batches, { thetas, directions });
    const products: Float32Array[] = [];
    for (const [i, batch] of batches.entries()) {
      tidy(() => {
        const at = this.#tensors(entryAt(thetas, i));
        const along = this.#tensors(entryAt(directions, i));
        products.push(this.#vectorOf(hessianVectorProduct(this.#loss(batch))(at, along)));
        return [];
      });
    }
    return products;
  }

  async logits(thetas: readonly ParameterVector[], batches: readonly Batch[]): Promise<Logits[]> {
    const { predict } = this.#options;
    if (predict === undefined) {
      throw usageError({
        where: "engineOf, predict",
        found: "no such function",
        expected: "a logits function, because predictions are requested",
      });
    }
    await this.#ready(batches, { thetas });
    const logits: Logits[] = [];
    for (const [i, batch] of batches.entries()) {
      tidy(() => {
        const found = predict(this.#tensors(entryAt(thetas, i)) as ParameterTensors<Name>, this.#own(batch).examples);
        const [rows, columns = 1, ...more] = found.shape;
        if (rows !== batch.size || more.length > 0) {
          throw usageError({
            where: "engineOf, predict",
            found: `shape [${found.shape.join(", ")}] for ${batch.size} examples`,
            expected: `[${batch.size}] or [${batch.size}, columns]`,
          });
        }
        logits.push({ rows, columns, values: readSync(found) });
        return [];
      });
    }
    return logits;
  }

  dispose(): void {
    this.#disposed = true;
  }

  #loss(batch: Batch) {
    const { examples } = this.#own(batch);
    return (parameters: Tree) => this.#options.loss(parameters as ParameterTensors<Name>, examples);
  }

  #own(batch: Batch): OwnBatch<Examples> {
    if ("examples" in batch) return batch as OwnBatch<Examples>;
    throw usageError({
      where: "engineOf, batch",
      found: "a batch of another engine",
      expected: "one of batch() or task()",
    });
  }

  /** All checks run before the first computation. The computation is synchronous, so no other call changes the backend. */
  async #ready(
    batches: readonly Batch[],
    vectors: Readonly<Record<string, readonly ParameterVector[]>>,
  ): Promise<void> {
    if (this.#disposed)
      throw usageError({ where: "engineOf", found: "a call after dispose()", expected: "calls before it" });
    for (const [name, list] of Object.entries(vectors)) {
      const wrong = list.findIndex((vector) => vector.length !== this.layout.size);
      if (list.length === batches.length && wrong < 0) continue;
      throw usageError({
        where: `engineOf, ${name}`,
        found: wrong < 0 ? `${list.length} vectors` : `${list[wrong]?.length} values at position ${wrong}`,
        expected: wrong < 0 ? `${batches.length}, one per batch` : `${this.layout.size}, as the shapes have`,
      });
    }
    await useBackend(this.#backend);
  }

  #tensors(vector: ParameterVector): Tree {
    const named = this.layout.tensors.map(({ name, shape, offset, size }) => [
      name,
      tensor(vector.subarray(offset, offset + size), shape),
    ]);
    return Object.fromEntries(named) as Tree;
  }

  #vectorOf(tensors: Tree): Float32Array {
    const vector = this.vector();
    for (const { name, offset } of this.layout.tensors) vector.set(readSync(tensors[name]!), offset);
    return vector;
  }

  #finite(loss: number, batch: number, theta: ParameterVector): number {
    if (Number.isFinite(loss)) return loss;
    const bad = this.layout.tensors.find(({ offset, size }) =>
      theta.subarray(offset, offset + size).some((value) => !Number.isFinite(value)),
    );
    throw failedError({
      where: `loss of batch ${batch}`,
      found: bad === undefined ? `${loss}` : `${loss}; ${bad.name} holds a value that is not finite`,
      expected: "a finite number",
      todo: "Lower the learning rates, or look for a logarithm of 0 or a division by 0 in the loss",
    });
  }
}

/** The length of a list, or of the first list among an object's properties. */
function sizeOfExamples(examples: unknown): number {
  if (hasLength(examples)) return examples.length;
  if (typeof examples === "object" && examples !== null) {
    const list = Object.values(examples).find(hasLength);
    if (list !== undefined) return list.length;
  }
  throw new KshotError("USAGE", {
    where: "engineOf, examples",
    found: "no list",
    expected: "a list, or an object whose first list has one entry per example",
    todo: "Give the option size",
  });
}

function hasLength(value: unknown): value is { readonly length: number } {
  return (Array.isArray(value) || ArrayBuffer.isView(value)) && "length" in value;
}
