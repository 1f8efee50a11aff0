import type { Task } from "@kshot/contract";

/** Meta-batches in order. The next one can be prepared while the engine computes on the current one. */
export class MetaBatches {
  private ready: { readonly iteration: number; readonly tasks: readonly Task[] } | undefined;

  constructor(private readonly make: (iteration: number) => readonly Task[]) {}

  /** Prepares the next batch early. If that throws, `take` tries again and reports the error. */
  prepare(iteration: number): void {
    try {
      this.ready = { iteration, tasks: this.make(iteration) };
    } catch {
      this.ready = undefined;
    }
  }

  take(iteration: number): readonly Task[] {
    const { ready } = this;
    this.ready = undefined;
    return ready?.iteration === iteration ? ready.tasks : this.make(iteration);
  }
}
