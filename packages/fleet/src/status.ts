import type { Plan } from "@kshot/contract/schemas";
import { findLease } from "@kshot/store";
import { Board } from "./plan/board.js";
import { cellFolder, readDone, readFailures } from "./plan/cell-files.js";

/** The state of one cell. */
export interface CellStatus {
  readonly cell: number;
  readonly name: string;
  readonly state: "waiting" | "working" | "done" | "failed";
  /** Machine and process that computes it or has computed it. */
  readonly host?: string;
  /** ISO 8601: start of its computation, by the clock of the computing machine. */
  readonly since?: string;
  /** Seconds that it took. */
  readonly seconds?: number;
  /** Failed tries. */
  readonly tries: number;
  /** The reason of its last failure. */
  readonly why?: string;
}

/** The state of a plan. */
export interface PlanStatus {
  readonly cells: number;
  readonly waiting: number;
  readonly working: number;
  readonly done: number;
  readonly failed: number;
  /**
   * Estimated seconds until all cells are done, at the speed so far; null before the first cell is done and while no cell is
   * computed.
   */
  readonly secondsLeft: number | null;
  readonly list: readonly CellStatus[];
}

/** The state of a plan, from the folders of its cells. */
export async function planStatus(directory: string, plan: Plan): Promise<PlanStatus> {
  const board = new Board(directory, plan);
  const list: CellStatus[] = [];
  for (const [cell, { name }] of plan.cells.entries()) list.push(await cellStatus(directory, plan, board, cell, name));
  const count = (state: CellStatus["state"]) => list.filter((one) => one.state === state).length;
  const [waiting, working, done, failed] = [count("waiting"), count("working"), count("done"), count("failed")];
  const took = list.reduce((sum, { seconds = 0 }) => sum + seconds, 0);
  const secondsLeft =
    waiting + working === 0 ? 0 : done === 0 || working === 0 ? null : ((took / done) * (waiting + working)) / working;
  return { cells: list.length, waiting, working, done, failed, secondsLeft, list };
}

async function cellStatus(
  directory: string,
  plan: Plan,
  board: Board,
  cell: number,
  name: string,
): Promise<CellStatus> {
  if (board.isDone(cell)) {
    const { volatile } = await readDone(directory, cell);
    const { host, pid, seconds } = volatile;
    return { cell, name, state: "done", host: `${host} ${pid}`, seconds, tries: 0 };
  }
  const failures = await readFailures(directory, cell);
  const failed = await board.failed(cell);
  if (failed !== undefined) return { cell, name, state: "failed", tries: failures.length, why: failed.why };
  const last = failures.at(-1);
  const tried = { tries: failures.length, ...(last === undefined ? {} : { why: last.message }) };
  const lease = await findLease(cellFolder(directory, cell));
  if (lease === null || lease.dead || lease.age > plan.lease) return { cell, name, state: "waiting", ...tried };
  const { holder } = lease;
  return {
    ...{ cell, name, state: "working", ...tried },
    ...(holder === null ? {} : { host: `${holder.host} ${holder.pid}`, since: new Date(holder.since).toISOString() }),
  };
}
