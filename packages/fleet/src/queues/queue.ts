import type { Plan } from "@kshot/contract/schemas";

/** A plan that a queue is opened for. */
export interface QueuedPlan {
  /** Folder of the plan, absolute. */
  readonly directory: string;
  readonly plan: Plan;
}

/** A cell that this worker has taken. */
export interface Claim {
  readonly cell: number;
}

/**
 * Hands out cells. It delivers at least once: a cell may be handed out again after its worker fell silent, though it may still be at it.
 * What is done stands in the cells' folders, not in the queue.
 */
export interface Queue<C extends Claim = Claim> {
  /**
   * Takes a cell.
   *
   * @param ready - cells that may be worked at now
   * @returns null where none of them is free now
   */
  claim(ready: readonly number[]): Promise<C | null>;
  /** Says that the worker lives. False: the claim is lost, somebody else may have the cell. */
  renew(claim: C): Promise<boolean>;
  /** The cell is done. */
  done(claim: C): Promise<void>;
  /** The cell is not done; it comes back where it is still ready. */
  fail(claim: C): Promise<void>;
  /** Ends all connections. */
  close(): Promise<void>;
}
