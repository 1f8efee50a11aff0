import type { NamedResults, PersonalVerdict } from "@kshot/comparison";
import type { RunOfPage } from "@kshot/contract";
import type { Config, Results } from "@kshot/contract/schemas";
import type { TrainingRanks } from "../algorithms/index.js";
import type { RunCircumstances } from "../circumstances.js";
import type { Progress } from "../progress.js";
import type { RunIdentity } from "./start-run.js";

/** A model's file that a page can compute with. */
export interface PageModel {
  /** Its name on the page. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Creates the page with results, in pieces; a suite's runs have their names. With a model, the page can compute recommendations;
 * with the state of an unfinished run, it shows the state and reloads itself.
 */
export type PageMaker = (
  results: readonly Pick<NamedResults, "results" | "label">[],
  model?: PageModel,
  run?: RunOfPage,
) => Iterable<string>;

/** The environment of a run. */
export interface RunningOptions {
  readonly circumstances: RunCircumstances;
  readonly progress: Progress;
  /** When it is aborted, the current iteration is finished, a checkpoint is written, and the run ends with `INTERRUPTED`. */
  readonly signal?: AbortSignal;
  /** Creates the page of a run's results, in pieces; if omitted, no `report.html` is written. */
  readonly page?: PageMaker;
  /** Called once, when the page of the run exists for the first time. */
  readonly onPage?: (file: string) => void;
  /** Other processes that share the meta-gradients of the run; if omitted, there are no others. */
  readonly ranks?: TrainingRanks;
  /** The command that continues a run called `<name>/<tag>`, for the message of an interruption. */
  readonly resumeCommand?: (run: string) => string;
}

/** Options of `train`. */
export interface TrainOptions extends RunningOptions {
  readonly config: Config;
  /** Data folder; undefined: the built-in demo campus. */
  readonly dataDir?: string;
  /** Project folder; created if it does not exist. */
  readonly project: string;
  /** Folder under `reports/`. */
  readonly name: string;
  /** Whether the algorithms are the defaults: without validation people, those that choose on them are then omitted. */
  readonly defaults?: boolean;
  /** File of a model to start from, absolute: for a `warm_start` that is not a network of the run itself. */
  readonly warmStartFile?: string;
  /** Called when the run has a folder, before training. */
  readonly onRun?: (identity: RunIdentity) => Promise<void>;
}

/** Options of `resumeTraining`. */
export interface ResumeOptions extends RunningOptions {
  readonly project: string;
  /** The run's id, tag, `<name>/<tag>` or folder; undefined: the newest. */
  readonly run?: string;
  /** Folder that a relative `run` starts from. */
  readonly typedIn?: string;
  /** Threads, if different from the start; does not change results. */
  readonly workers?: number;
  /** Memory on the card for one dispatch in MiB, if different from the start; does not change results. */
  readonly gpuMemory?: number;
  /** The required data of the run; if omitted, the data of its folder. */
  readonly dataFingerprint?: string;
}

/** The result of `train`. */
export interface TrainOutcome {
  readonly runDir: string;
  /** The data folder that was trained on, absolute. */
  readonly dataDir: string;
  readonly config: Config;
  readonly results: readonly Results[];
  /** The advice and the comparison as text: the split of the configuration, both windows. */
  readonly table: string;
  /** Which method to use, and why, in sentences; null for fewer than two methods that are not bounds, and for too few people. */
  readonly use: string | null;
  /** Meta-SGD's learned rates as text, with the finding about the layers; null if none were learned. */
  readonly rates: string | null;
  /** Whether the data and the swap show a personal signal; null if no method adapts. */
  readonly personal: PersonalVerdict | null;
  /** Paths of the results files, in the order of the algorithms. */
  readonly resultFiles: readonly string[];
  /** Path of the page; null if none was requested. */
  readonly reportPage: string | null;
}
