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
 * A queue of cells. It delivers at least once: a cell can be delivered again when its worker stops renewing, although that worker
 * may still compute it. The folders of the cells record which cells are done, not the queue.
 */
export interface Queue<C extends Claim = Claim> {
  /**
   * Takes a cell.
   *
   * @param ready - cells that can be computed now
   * @returns null if none of them is free now
   */
  claim(ready: readonly number[]): Promise<C | null>;
  /** Renews the claim. False: the claim is lost, another worker may have the cell. */
  renew(claim: C): Promise<boolean>;
  /** Ends the claim of a cell that is done. */
  done(claim: C): Promise<void>;
  /** Ends the claim of a cell that is not done; it is offered again if it is still ready. */
  fail(claim: C): Promise<void>;
  /** Every cell of the plan is done or has failed: removes what a server still has of the queue, if it answers. */
  settled(): Promise<void>;
  /** Ends all connections. */
  close(): Promise<void>;
}
