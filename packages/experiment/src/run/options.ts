import type { NamedResults, PersonalVerdict } from "@kshot/comparison";
import type { Config, Results } from "@kshot/contract/schemas";
import type { RunCircumstances } from "../circumstances.js";
import type { Progress } from "../progress.js";
import type { RunIdentity } from "./start-run.js";

/** A model's file, to be tried in a page. */
export interface PageModel {
  /** What the page calls it. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Makes the page that shows results, in pieces; a suite's runs carry their names. With a model it can be tried in the page. */
export type PageMaker = (
  results: readonly Pick<NamedResults, "results" | "label">[],
  model?: PageModel,
) => Iterable<string>;

/** What a run needs while it goes on. */
export interface RunningOptions {
  readonly circumstances: RunCircumstances;
  readonly progress: Progress;
  /** Once aborted, the iteration under way is finished, a checkpoint written, and the run ends with `INTERRUPTED`. */
  readonly signal?: AbortSignal;
  /** Makes the page that shows a run's results, in pieces; left out: no `report.html` is written. */
  readonly page?: PageMaker;
  /** The command that goes on with a run called `<name>/<tag>`, for the message of an interruption. */
  readonly resumeCommand?: (run: string) => string;
}

/** What `train` is asked for. */
export interface TrainOptions extends RunningOptions {
  readonly config: Config;
  /** Data folder; undefined: the built-in demo campus. */
  readonly dataDir?: string;
  /** Project folder; created if it is not there. */
  readonly project: string;
  /** Folder under `reports/`. */
  readonly name: string;
  /** Whether the algorithms are the defaults: without validation people those that choose on them are then left out. */
  readonly defaults?: boolean;
  /** File of a model to start from, absolute: for a `warm_start` that is no network of the run itself. */
  readonly warmStartFile?: string;
  /** Told once the run has a folder, before anything is trained. */
  readonly onRun?: (identity: RunIdentity) => Promise<void>;
}

/** What `resumeTraining` is asked for. */
export interface ResumeOptions extends RunningOptions {
  readonly project: string;
  /** The run's id, tag, `<name>/<tag>` or folder; undefined: the newest. */
  readonly run?: string;
  /** Folder that a relative `run` starts from. */
  readonly typedIn?: string;
  /** Threads, where other than at the start; changes no number. */
  readonly workers?: number;
  /** The data that the run must be about; left out: what its folder holds. */
  readonly dataFingerprint?: string;
}

/** What `train` leaves. */
export interface TrainOutcome {
  readonly runDir: string;
  readonly config: Config;
  readonly results: readonly Results[];
  /** The comparison as text, test split, both windows. */
  readonly table: string;
  /** Which method to use, and why, in one sentence; null for fewer than two methods. */
  readonly use: string | null;
  /** Meta-SGD's learned rates as text, with what they say of the layers; null where none were learned. */
  readonly rates: string | null;
  /** Whether the data and the swap show anything personal to learn; null where nothing adapts. */
  readonly personal: PersonalVerdict | null;
  /** Paths of the results files, in the order of the algorithms. */
  readonly resultFiles: readonly string[];
  /** Path of the page that shows them; null where none was asked for. */
  readonly reportPage: string | null;
}
