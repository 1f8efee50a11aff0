import type { AlgorithmName, DataSet, Engine, ParameterVector } from "@kshot/contract";
import type { Config, Results } from "@kshot/contract/schemas";
import type { GruConfig } from "@kshot/gru-layout";
import type { Progress } from "../progress.js";
import type { StoredState, ValidationMetrics } from "./training-state.js";

/** A network whose training is over, as a warm start and a report need it. */
export interface FinishedNetwork {
  readonly algorithm: AlgorithmName;
  readonly theta: ParameterVector;
  /** Null for a network without inner learning rates. */
  readonly alpha: ParameterVector | null;
  /** The network's own settings, where some were chosen on the validation people; left out: the run's. */
  readonly config?: Pick<Config, "metasgd_config">;
}

/** What training a network leaves: the best parameters, how they came about, why training ended. */
export interface TrainedNetwork extends FinishedNetwork {
  /** Iteration (meta-learners) or epoch (plain GRU) that was kept. */
  readonly bestIteration: number;
  readonly bestMetrics: ValidationMetrics | null;
  /** Iterations or optimiser steps that were made. */
  readonly iterations: number;
  readonly stopped: "finished" | "early" | "aborted";
  readonly history: Results["history"];
  readonly secondsPerIteration: readonly number[];
  /** The run's configuration with the settings that were chosen on the validation people; left out: nothing was chosen. */
  readonly config?: Config;
  /** Those settings in words. */
  readonly choice?: string;
}

/** Networks that training may start from. */
export interface StartNetworks {
  /** A network that the run itself has trained. */
  own(algorithm: AlgorithmName): FinishedNetwork | undefined;
  /**
   * The network of the file that the run starts from.
   *
   * @param only - the algorithm that it must come from
   * @throws `USAGE` for one of another shape or algorithm, `DATA` for one of another vocabulary
   */
  fromFile(only?: AlgorithmName): Promise<FinishedNetwork>;
}

/** Where the state of one training is kept. */
export interface TrainingCheckpoints {
  /** Whether enough time went by since the last one that another should be written. */
  due(): boolean;
  /** Writes a state: under its iteration's number, where it stays, or (null) as the latest. */
  save(number: number | null, state: StoredState): Promise<void>;
  /** The state that went furthest; undefined where there is none. */
  latest(): Promise<StoredState | undefined>;
}

/** What training a network needs. */
export interface NetworkTraining {
  readonly engine: Engine;
  readonly shape: GruConfig;
  readonly config: Config;
  readonly data: DataSet;
  readonly starts: StartNetworks;
  readonly checkpoints: TrainingCheckpoints;
  readonly progress: Progress;
  /** Seconds of a clock that only goes forward. */
  readonly seconds: () => number;
  /** Once aborted, the iteration under way is finished and training ends. */
  readonly signal?: AbortSignal;
}

/** The history of a training that logged nothing. */
export function emptyHistory(): Results["history"] {
  return { iteration: [], metaLoss: [], validation: [], alpha: {} };
}
