import { defaultLease, defaultTries } from "@kshot/contract";
import { type EngineFlags, engineFlags } from "./engine.js";
import { type FlagsOf, optional, required, standard, standardWords, toggle } from "./flag.js";
import { decimal, wholeNumber } from "./parsers.js";

/** Flags of `suite plan`. */
export interface SuitePlanFlags extends EngineFlags, PlanFlags {
  readonly suite: string;
  readonly data: string;
  readonly out: string;
}

/** Flags of every `plan`. */
export interface PlanFlags {
  readonly tries: number;
  readonly lease: number;
}

/** Definitions of the flags of every `plan`. */
export const planFlags: FlagsOf<PlanFlags> = {
  tries: standard(
    "N",
    wholeNumber(1),
    String(defaultTries),
    "Number of failures after which a cell is not tried again; the others continue",
  ),
  lease: standard("SECONDS", decimal(0), String(defaultLease), "Time without renewal after which a cell is taken over"),
};

const suiteFlag = required("FILE|default", String, "The suite, as train --suite takes it; `default`: the built-in one");

export const suitePlanFlags: FlagsOf<SuitePlanFlags> = {
  suite: suiteFlag,
  data: required("DIR", String, "Data folder, as `prepare` writes it"),
  out: required("DIR", String, "Folder of the plan and of its output; shared by all machines"),
  ...planFlags,
  ...engineFlags,
};

/** Flags of `work`. */
export interface WorkFlags {
  readonly queue: string;
  readonly workers?: number;
  readonly threads?: number;
  readonly log: "text" | "json";
}

const log = standardWords(["text", "json"], "text", "Progress as text or as JSON lines");
const threads = optional("N", wholeNumber(1, 64), "Threads of each cell; results do not depend on it", "1");

export const workFlags: FlagsOf<WorkFlags> = {
  queue: standard(
    "folder|URL",
    String,
    "folder",
    "Where cells are claimed: the plan's folder, or BullMQ at redis://… or postgres://…",
  ),
  workers: optional(
    "N",
    wholeNumber(1, 256),
    "Cells computed at the same time, each in a separate process",
    "one per core, at most 8",
  ),
  threads,
  log,
};

/** Flags of `cell`. */
export interface CellFlags {
  readonly index?: number;
  readonly threads?: number;
  readonly log: "text" | "json";
}

export const cellFlags: FlagsOf<CellFlags> = {
  index: optional("N", wholeNumber(), "The cell, from 0", "SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX"),
  threads: optional("N", wholeNumber(1, 64), "Threads; results do not depend on it", "one per core, at most 8"),
  log,
};

/** Flags of `status`. */
export interface StatusFlags {
  readonly watch: boolean;
  readonly json: boolean;
}

export const statusFlags: FlagsOf<StatusFlags> = {
  watch: toggle("Show the status every two seconds, until all cells are done or failed"),
  json: toggle("Print it as JSON: {cells, waiting, working, done, failed}, and a list of the cells"),
};

/** Flags of `finish`. */
export interface FinishFlags {
  readonly json: boolean;
}

export const finishFlags: FlagsOf<FinishFlags> = { json: toggle("Print the paths of the results as JSON") };
