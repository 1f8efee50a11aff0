import type { UnitExecutor } from "../unit-executor.js";
import type { Schedule, Work } from "../work.js";
import { cell, type SharedWork, viewSlots, viewWork } from "./shared-work.js";

/** Milliseconds between two times that the thread that made the call handles its events. */
const eventsEvery = 5;
/** Milliseconds that the calling thread waits for the others' last units before it waits for a message, which takes up to 0.3. */
const spinFor = 1;
/**
 * Milliseconds that a thread waits for its turn before it keeps its result. Keeping and adding later costs about 0.5 for 140,000
 * parameters, 0.05 for 5,000. Threads that finish at the same time are then a little apart for the rest of the call, and find their turn at once.
 */
const spinForTurn = 0.4;

/** One thread's part in a call: it takes units until none are left. */
export class Share {
  private readonly work: Work;
  private readonly control: Int32Array;
  private readonly slots: ReturnType<typeof viewSlots>;
  private readonly schedule: Schedule;

  /** @param worker the thread's number */
  constructor(
    private readonly executor: UnitExecutor,
    shared: SharedWork,
    worker: number,
  ) {
    this.work = viewWork(shared);
    this.control = new Int32Array(shared.control);
    this.slots = viewSlots(shared);
    executor.begin(this.work);
    this.schedule = {
      alone: false,
      at: (index) => Atomics.store(this.control, cell.at + worker, index),
      inTurn: (unit, result) => this.inTurn(unit, result),
    };
  }

  /** Computes the next unit; false if none is left or a unit failed. */
  next(): boolean {
    const unit = Atomics.add(this.control, cell.next, 1);
    if (unit >= this.work.units.length || this.stopped()) return false;
    this.executor.unit(this.work, unit, this.schedule);
    return true;
  }

  /**
   * Whether this thread can take a unit without waiting for another thread later: the unit finds a free slot when it is computed, also
   * if each of the other threads takes one before it. True if no unit is left.
   */
  hasRoom(threads: number): boolean {
    const ahead = Atomics.load(this.control, cell.next) - Atomics.load(this.control, cell.turn);
    return (
      !this.work.ordered ||
      this.noneLeft ||
      this.slots.length >= this.work.units.length - 1 ||
      ahead + threads <= this.slots.length
    );
  }

  /** Whether all units are taken. */
  get noneLeft(): boolean {
    return Atomics.load(this.control, cell.next) >= this.work.units.length;
  }

  private stopped(): boolean {
    return Atomics.load(this.control, cell.stop) === 1;
  }

  /**
   * Adds a unit's result to the shared sums after those of all units before it. A result that comes too early is kept in a slot; the
   * thread that adds the one before it adds it too. A thread waits only if its slot is in use, or if there are none.
   */
  private inTurn(unit: number, { add, keep }: Parameters<Schedule["inTurn"]>[1]): void {
    const { control, slots } = this;
    this.spinForTurn(unit);
    for (;;) {
      const turn = Atomics.load(control, cell.turn);
      // Another thread failed: the sums are not read.
      if (this.stopped()) return;
      if (turn === unit) {
        add();
        this.nextTurn();
        if (slots.length > 0) this.addKept(unit + 1);
        return;
      }
      if (turn > unit - slots.length) break;
      Atomics.wait(control, cell.turn, turn);
    }
    const slot = slots[unit % slots.length];
    keep(slot);
    Atomics.store(slot.unit, 0, unit + 1);
    if (Atomics.load(control, cell.turn) === unit) this.addKept(unit);
  }

  private spinForTurn(unit: number): void {
    const { control } = this;
    if (Atomics.load(control, cell.turn) === unit) return;
    const end = performance.now() + spinForTurn;
    while (performance.now() < end && Atomics.load(control, cell.turn) !== unit);
  }

  /** Adds kept results from this unit on. Their mark is taken by one thread only. */
  private addKept(first: number): void {
    const { slots, work } = this;
    for (let unit = first; unit < work.units.length; unit++) {
      const slot = slots[unit % slots.length];
      if (this.stopped() || Atomics.compareExchange(slot.unit, 0, unit + 1, 0) !== unit + 1) return;
      this.executor.addKept(work, unit, slot);
      this.nextTurn();
    }
  }

  private nextTurn(): void {
    Atomics.add(this.control, cell.turn, 1);
    Atomics.notify(this.control, cell.turn);
  }
}

/** The part of the thread that made the call: between units it handles its events, and it never waits for another thread. */
export async function serveHere(share: Share, threads: number): Promise<void> {
  let begin = performance.now();
  const handleEvents = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    begin = performance.now();
  };
  // Events that are due come first, in every call; with them, what the caller does while the engine computes.
  await handleEvents();
  do {
    while (!share.noneLeft && (performance.now() - begin > eventsEvery || !share.hasRoom(threads)))
      await handleEvents();
  } while (share.next());
}

/** Waits shortly for the other threads' last units: a message takes longer. True if all are done. */
export function othersDone(control: Int32Array): boolean {
  const end = performance.now() + spinFor;
  do {
    if (Atomics.load(control, cell.stop) === 1) return false;
    if (Atomics.load(control, cell.left) === 0) return true;
  } while (performance.now() < end);
  return false;
}

/** Ends a call after a failure: wakes the threads that wait for a turn. */
export function stop(control: Int32Array): void {
  Atomics.store(control, cell.stop, 1);
  Atomics.add(control, cell.turn, 1 << 20);
  Atomics.notify(control, cell.turn);
}
