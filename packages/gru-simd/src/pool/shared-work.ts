import type { ParameterVector } from "@kshot/contract";
import type { AdamWork, Slot, Work, WorkKind } from "../work.js";

/** Cells of `control`; the cells after these hold the current batch or task of each worker, then the unit of each slot. */
export const cell = { next: 0, turn: 1, stop: 2, left: 3, at: 4 } as const;

/** Largest memory of all slots. Models beyond it have fewer or none, and threads wait for their turn. */
const slotBytes = 2 ** 26;

/** Position of a vector in shared memory. */
interface Place {
  readonly buffer: SharedArrayBuffer;
  /** In floats. */
  readonly begin: number;
  readonly length: number;
}

/** A `Work` whose numbers are in shared memory, for posting to the workers. */
export interface SharedWork {
  /** Calls are numbered. */
  readonly call: number;
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
  /** Results that wait for their turn: `count` slots of `vectors` vectors each; their units are in `control` from `firstCell` on. */
  readonly slots: {
    readonly buffer: SharedArrayBuffer;
    readonly count: number;
    readonly vectors: number;
    readonly firstCell: number;
  };
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

/** The slots of a call. */
export function viewSlots({ slots, control, losses, lossCount, outputs }: SharedWork): readonly Slot[] {
  const { buffer, count, vectors, firstCell } = slots;
  return Array.from({ length: count }, (_, slot) => {
    const { length } = outputs[0];
    const vector = (i: number) => new Float32Array(buffer, 4 * length * (slot * vectors + i), length);
    return {
      vectors: Array.from({ length: vectors }, (_, i) => vector(i)),
      loss: new Float64Array(losses, 8 * (lossCount + slot), 1),
      unit: new Int32Array(control, 4 * (firstCell + slot), 1),
    };
  });
}

/** Shared memory that is reused from call to call and grows as needed. */
export class SharedBuffers {
  private words = new SharedArrayBuffer(4);
  private floats = new SharedArrayBuffer(4);
  private losses = new SharedArrayBuffer(8);
  private slots = new SharedArrayBuffer(0);
  private call = 0;
  private readonly control: SharedArrayBuffer;

  /** @param threads the largest number of threads of a call */
  constructor(private readonly threads: number) {
    this.control = new SharedArrayBuffer(4 * (cell.at + threads + this.slotCount));
  }

  /** One result per thread may be early, and with twice as many slots the thread that has a lead need not stop. */
  private get slotCount(): number {
    return 2 * this.threads + 1;
  }

  /** The control cells before a call. */
  start(): Int32Array {
    const { at } = cell;
    const { threads } = this;
    return new Int32Array(this.control).fill(0).fill(-1, at, at + threads);
  }

  /** After a failed call: results that were kept must not reach the next one. */
  forgetSlots(): void {
    this.slots = new SharedArrayBuffer(0);
  }

  /** Copies inputs and sets outputs to zero, except for vectors that are already in shared memory. */
  share(work: Work): SharedWork {
    this.call++;
    const unitEnds = ends(work.units);
    this.words = atLeast(this.words, unitEnds[unitEnds.length - 1] * 4);
    const slots = this.slotsFor(work);
    this.losses = atLeast(this.losses, (work.losses.length + slots.count) * 8);
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
      call: this.call,
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
      slots,
      ...(work.adam && { adam: work.adam }),
    };
  }

  /** The number of slots of a call. */
  slotCountFor({ ordered, units, ...work }: Work): number {
    return ordered ? Math.min(this.slotCount, units.length - 1, Math.floor(slotBytes / bytesOfSlot(work))) : 0;
  }

  private slotsFor(work: Work): SharedWork["slots"] {
    const count = this.slotCountFor(work);
    // New memory is zero.
    this.slots = atLeast(this.slots, count * bytesOfSlot(work));
    return { buffer: this.slots, count, vectors: slotVectors(work), firstCell: cell.at + this.threads };
  }
}

/** A meta-gradient adds to two vectors. */
function slotVectors({ kind }: Pick<Work, "kind">): number {
  return kind === "metaGradient" ? 2 : 1;
}

function bytesOfSlot({ kind, outputs }: Pick<Work, "kind" | "outputs">): number {
  return 4 * slotVectors({ kind }) * (outputs[0]?.length ?? 0);
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
