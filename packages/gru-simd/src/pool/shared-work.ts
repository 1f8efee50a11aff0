import type { ParameterVector } from "@kshot/contract";
import type { AdamWork, Work, WorkKind } from "../work.js";

/** Cells of `control`; the cells after these hold the current batch or task of each worker. */
export const cell = { next: 0, turn: 1, stop: 2, at: 3 } as const;

/** Position of a vector in shared memory. */
interface Place {
  readonly buffer: SharedArrayBuffer;
  /** In floats. */
  readonly begin: number;
  readonly length: number;
}

/** A `Work` whose numbers are in shared memory, for posting to the workers. */
export interface SharedWork {
  readonly kind: WorkKind;
  readonly steps: number;
  readonly order: 1 | 2;
  readonly clip: number;
  readonly ordered: boolean;
  readonly adam?: AdamWork;
  readonly words: SharedArrayBuffer;
  /** Ends of the units in `words`. */
  readonly unitEnds: readonly number[];
  readonly vectors: readonly Place[];
  readonly outputs: readonly Place[];
  readonly losses: SharedArrayBuffer;
  readonly lossCount: number;
  readonly control: SharedArrayBuffer;
}

/** The same numbers as a `Work`: views, no copies. */
export function viewWork(shared: SharedWork): Work {
  const { kind, steps, order, clip, ordered, unitEnds } = shared;
  const view = ({ buffer, begin, length }: Place) => new Float32Array(buffer, begin * 4, length);
  return {
    kind,
    steps,
    order,
    clip,
    ordered,
    units: unitEnds.map((end, i) => {
      const first = i === 0 ? 0 : unitEnds[i - 1];
      return new Int32Array(shared.words, first * 4, end - first);
    }),
    vectors: shared.vectors.map(view),
    outputs: shared.outputs.map(view),
    losses: new Float64Array(shared.losses, 0, shared.lossCount),
    ...(shared.adam && { adam: shared.adam }),
  };
}

/** Shared memory that is reused from call to call and grows as needed. */
export class SharedBuffers {
  private words = new SharedArrayBuffer(4);
  private floats = new SharedArrayBuffer(4);
  private losses = new SharedArrayBuffer(8);

  constructor(private readonly control: SharedArrayBuffer) {}

  /** Copies inputs and sets outputs to zero, except for vectors that are already in shared memory. */
  share(work: Work): SharedWork {
    const unitEnds = ends(work.units);
    this.words = atLeast(this.words, unitEnds[unitEnds.length - 1] * 4);
    this.losses = atLeast(this.losses, work.losses.length * 8);
    const copied = [...work.vectors, ...work.outputs].filter((vector) => ownPlace(vector) === undefined);
    this.floats = atLeast(this.floats, copied.reduce((sum, { length }) => sum + length, 0) * 4);
    const words = new Int32Array(this.words);
    for (const [i, unit] of work.units.entries()) words.set(unit, unitEnds[i] - unit.length);
    const floats = new Float32Array(this.floats);
    let end = 0;
    const placed = (vector: ParameterVector, fill: (begin: number, end: number) => void): Place => {
      const own = ownPlace(vector);
      if (own !== undefined) return own;
      const begin = end;
      end += vector.length;
      fill(begin, end);
      return { buffer: this.floats, begin, length: vector.length };
    };
    const vectors = work.vectors.map((vector) => placed(vector, (begin) => floats.set(vector, begin)));
    const outputs = work.outputs.map((vector) => placed(vector, (from, to) => floats.fill(0, from, to)));
    new Float64Array(this.losses).fill(0);
    return {
      kind: work.kind,
      steps: work.steps,
      order: work.order,
      clip: work.clip,
      ordered: work.ordered,
      words: this.words,
      unitEnds,
      vectors,
      outputs,
      losses: this.losses,
      lossCount: work.losses.length,
      control: this.control,
      ...(work.adam && { adam: work.adam }),
    };
  }
}

/** Copies results to the caller's memory, unless they are already there. */
export function collect(shared: SharedWork, work: Work): void {
  const { outputs, losses } = viewWork(shared);
  for (const [i, output] of outputs.entries()) {
    if (work.outputs[i].buffer !== output.buffer) work.outputs[i].set(output);
  }
  work.losses.set(losses);
}

/** The position of a vector that is in shared memory. */
function ownPlace(vector: ParameterVector): Place | undefined {
  const { buffer, byteOffset, length } = vector;
  if (!(vector instanceof Float32Array && buffer instanceof SharedArrayBuffer)) return undefined;
  return { buffer, begin: byteOffset / 4, length };
}

function ends(lists: readonly ArrayLike<number>[]): number[] {
  let end = 0;
  return lists.map(({ length }) => (end += length));
}

function atLeast(buffer: SharedArrayBuffer, bytes: number): SharedArrayBuffer {
  return buffer.byteLength >= bytes ? buffer : new SharedArrayBuffer(bytes);
}
