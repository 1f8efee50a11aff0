export { Board, type FailedCell } from "./plan/board.js";
export { readPlan } from "./plan/plan-file.js";
export { folderQueue } from "./queues/folder-queue.js";
export { openQueue } from "./queues/open-queue.js";
export type { Claim, Queue, QueuedPlan } from "./queues/queue.js";
export { type CellStatus, type PlanStatus, planStatus } from "./status.js";
export { type FinishOptions, failedCells, finishSuiteWork } from "./suite/finish-suite-work.js";
export { type PlanSettings, planSuiteWork } from "./suite/plan-suite-work.js";
export { type WorkOptions, type WorkOutcome, work } from "./work.js";
