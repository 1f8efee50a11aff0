import type { AlgorithmName, DataSet } from "@kshot/contract";
import type { PersonalSignal } from "@kshot/contract/schemas";
import type { GruConfig } from "@kshot/gru-layout";
import type { HeldLock } from "@kshot/store";
import type { FinishedNetwork } from "../algorithms/index.js";
import type { Engines } from "./engines.js";
import type { RunningOptions } from "./options.js";
import type { PageOfRun } from "./page-of-run.js";
import type { OpenRun } from "./start-run.js";

/** A run while it is carried out. */
export interface RunInProgress extends RunningOptions {
  /** The lock of the run's folder. */
  readonly lock: HeldLock;
  readonly run: OpenRun;
  readonly data: DataSet;
  readonly shape: GruConfig;
  readonly engines: Engines;
  /** The run's page, from the first validation to the end. */
  readonly pageOfRun: PageOfRun;
  /** The networks that are finished so far. */
  readonly trained: Map<AlgorithmName, FinishedNetwork>;
  /** The number of this evaluation of the test people; 0 if they are not evaluated. */
  readonly openings: number;
  /** Whether the data have a personal signal; omitted if no method adapts. */
  readonly personal?: PersonalSignal;
}
