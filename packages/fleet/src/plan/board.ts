import { entryAt } from "@kshot/contract";
import type { Plan } from "@kshot/contract/schemas";
import { isDone, readFailures } from "./cell-files.js";

/** A cell that will not be computed, and the reason in one paragraph. */
export interface FailedCell {
  readonly cell: number;
  readonly name: string;
  readonly tries: number;
  readonly why: string;
}

/** The state of a plan's cells, from their folders. A cell that is done or failed is not read again. */
export class Board {
  readonly #done = new Set<number>();
  readonly #failed = new Map<number, FailedCell>();

  constructor(
    private readonly directory: string,
    private readonly plan: Plan,
  ) {}

  /** Whether a cell is done. */
  isDone(cell: number): boolean {
    if (!this.#done.has(cell) && isDone(this.directory, cell)) this.#done.add(cell);
    return this.#done.has(cell);
  }

  /** The reason why a cell will not be done; undefined if it may still be done. */
  async failed(cell: number): Promise<FailedCell | undefined> {
    const known = this.#failed.get(cell);
    if (known !== undefined || this.#done.has(cell)) return known;
    const { cells, tries } = this.plan;
    const { name, needs } = entryAt(cells, cell);
    const failures = await readFailures(this.directory, cell);
    const last = failures.at(-1);
    let why = last !== undefined && failures.length >= tries ? last.message : undefined;
    for (const need of why === undefined ? needs : []) {
      if (!this.isDone(need) && (await this.failed(need)) !== undefined)
        why = `It needs ${entryAt(cells, need).name}, which failed.`;
    }
    if (why === undefined) return undefined;
    const failed = { cell, name, tries: failures.length, why };
    this.#failed.set(cell, failed);
    return failed;
  }

  /** Cells that can be computed now: not done, not failed, all dependencies done. Also whether there are other cells left. */
  async open(cells: readonly number[]): Promise<{ readonly ready: number[]; readonly settled: boolean }> {
    const ready: number[] = [];
    let settled = true;
    for (const cell of cells) {
      if (this.isDone(cell) || (await this.failed(cell)) !== undefined) continue;
      settled = false;
      if (entryAt(this.plan.cells, cell).needs.every((need) => this.isDone(need))) ready.push(cell);
    }
    return { ready, settled };
  }

  /** The cells that will not be done, by index. */
  async failures(cells: readonly number[]): Promise<FailedCell[]> {
    const found: FailedCell[] = [];
    for (const cell of cells) {
      const failed = this.isDone(cell) ? undefined : await this.failed(cell);
      if (failed !== undefined) found.push(failed);
    }
    return found;
  }
}
