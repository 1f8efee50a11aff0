import type { Work, WorkKind } from "../work.js";

/** Cells of `control`; the cells after these say which batch or task each worker is at. */
export const cell = { next: 0, turn: 1, stop: 2, at: 3 } as const;

/** A `Work` whose numbers lie in shared memory: what is posted to the workers. */
export interface SharedWork {
  readonly kind: WorkKind;
  readonly steps: number;
  readonly order: 1 | 2;
  readonly ordered: boolean;
  readonly words: SharedArrayBuffer;
  /** Ends of the units in `words`, of the outputs in `floats` after the vectors. */
  readonly unitEnds: readonly number[];
  readonly floats: SharedArrayBuffer;
  readonly vectors: number;
  readonly vectorSize: number;
  readonly outputEnds: readonly number[];
  readonly losses: SharedArrayBuffer;
  readonly lossCount: number;
  readonly control: SharedArrayBuffer;
}

/** The same numbers as a `Work`: views, no copies. */
export function viewWork(shared: SharedWork): Work {
  const { kind, steps, order, ordered, vectorSize } = shared;
  const begin = (ends: readonly number[], i: number) => (i === 0 ? 0 : ends[i - 1]);
  const view = (at: number, length: number) => new Float32Array(shared.floats, at * 4, length);
  const outputs = shared.vectors * vectorSize;
  return {
    kind,
    steps,
    order,
    ordered,
    units: shared.unitEnds.map((end, i) => {
      const first = begin(shared.unitEnds, i);
      return new Int32Array(shared.words, first * 4, end - first);
    }),
    vectors: Array.from({ length: shared.vectors }, (_, i) => view(i * vectorSize, vectorSize)),
    outputs: shared.outputEnds.map((end, i) => {
      const first = begin(shared.outputEnds, i);
      return view(outputs + first, end - first);
    }),
    losses: new Float64Array(shared.losses, 0, shared.lossCount),
  };
}

/** Shared memory that is used again from call to call and grows as needed. */
export class SharedBuffers {
  private words = new SharedArrayBuffer(4);
  private floats = new SharedArrayBuffer(4);
  private losses = new SharedArrayBuffer(8);

  constructor(private readonly control: SharedArrayBuffer) {}

  /** Copies what goes in, zeroes what comes out. */
  share(work: Work): SharedWork {
    const unitEnds = ends(work.units);
    const outputEnds = ends(work.outputs);
    const vectorSize = work.vectors[0].length;
    const outputBegin = work.vectors.length * vectorSize;
    const floatCount = outputBegin + outputEnds[outputEnds.length - 1];
    this.words = atLeast(this.words, unitEnds[unitEnds.length - 1] * 4);
    this.floats = atLeast(this.floats, floatCount * 4);
    this.losses = atLeast(this.losses, work.losses.length * 8);
    const words = new Int32Array(this.words);
    for (const [i, unit] of work.units.entries()) words.set(unit, unitEnds[i] - unit.length);
    const floats = new Float32Array(this.floats);
    for (const [i, vector] of work.vectors.entries()) floats.set(vector, i * vectorSize);
    floats.fill(0, outputBegin, floatCount);
    new Float64Array(this.losses).fill(0);
    return {
      kind: work.kind,
      steps: work.steps,
      order: work.order,
      ordered: work.ordered,
      words: this.words,
      unitEnds,
      floats: this.floats,
      vectors: work.vectors.length,
      vectorSize,
      outputEnds,
      losses: this.losses,
      lossCount: work.losses.length,
      control: this.control,
    };
  }
}

/** Copies results back to the caller's own memory. */
export function collect(shared: SharedWork, work: Work): void {
  const { outputs, losses } = viewWork(shared);
  for (const [i, output] of outputs.entries()) work.outputs[i].set(output);
  work.losses.set(losses);
}

function ends(lists: readonly ArrayLike<number>[]): number[] {
  let end = 0;
  return lists.map(({ length }) => (end += length));
}

function atLeast(buffer: SharedArrayBuffer, bytes: number): SharedArrayBuffer {
  return buffer.byteLength >= bytes ? buffer : new SharedArrayBuffer(bytes);
}
