import type { AlgorithmName, DataSet, Engine, ParameterVector } from "@kshot/contract";
import type { Config, Results } from "@kshot/contract/schemas";
import type { GruConfig } from "@kshot/gru-layout";
import type { Progress } from "../progress.js";
import type { TrainingRanks } from "./training-ranks.js";
import type { StoredState, ValidationMetrics } from "./training-state.js";

/** A trained network, as a warm start and a report need it. */
export interface FinishedNetwork {
  readonly algorithm: AlgorithmName;
  readonly theta: ParameterVector;
  /** Null for a network without inner learning rates. */
  readonly alpha: ParameterVector | null;
  /** The network's settings, if some were chosen on the validation people; if omitted, the run's. */
  readonly config?: Pick<Config, "metasgd_config">;
}

/** The result of training a network: the best parameters, the history, and the reason of the end. */
export interface TrainedNetwork extends FinishedNetwork {
  /** The best iteration (meta-learners) or epoch (plain GRU). */
  readonly bestIteration: number;
  readonly bestMetrics: ValidationMetrics | null;
  /** Number of iterations or optimiser steps. */
  readonly iterations: number;
  readonly stopped: "finished" | "early" | "aborted";
  readonly history: Results["history"];
  readonly secondsPerIteration: readonly number[];
  /** The run's configuration with the settings that were chosen on the validation people; if omitted, nothing was chosen. */
  readonly config?: Config;
  /** Those settings in words. */
  readonly choice?: string;
}

/** Networks that training may start from. */
export interface StartNetworks {
  /** A network that the run itself has trained. */
  own(algorithm: AlgorithmName): FinishedNetwork | undefined;
  /**
   * The network of the start file.
   *
   * @param only - the required algorithm
   * @throws `USAGE` for one of another shape or algorithm, `DATA` for one of another vocabulary
   */
  fromFile(only?: AlgorithmName): Promise<FinishedNetwork>;
}

/** The storage of one training's state. */
export interface TrainingCheckpoints {
  /** Whether enough time has passed since the last state. */
  due(): boolean;
  /** Writes a state: under its iteration's number, permanently, or (null) as the latest. */
  save(number: number | null, state: StoredState): Promise<void>;
  /** The state of the latest iteration; undefined if there is none. */
  latest(): Promise<StoredState | undefined>;
}

/** A training that is still running. */
export interface TrainingCourse {
  readonly history: Results["history"];
  readonly secondsPerIteration: readonly number[];
  /** Iterations or optimiser steps made, of the largest possible number. */
  readonly done: number;
  readonly total: number;
}

/** The input of a network's training. */
export interface NetworkTraining {
  readonly engine: Engine;
  readonly shape: GruConfig;
  readonly config: Config;
  readonly data: DataSet;
  readonly starts: StartNetworks;
  readonly checkpoints: TrainingCheckpoints;
  readonly progress: Progress;
  /** Called after each validation, with the training so far. Awaited. */
  readonly onValidation?: (course: TrainingCourse) => Promise<void>;
  /** Seconds of a monotonic clock. */
  readonly seconds: () => number;
  /** When it is aborted, the current iteration is finished and training ends. */
  readonly signal?: AbortSignal;
  /** Other processes that share the meta-gradients; if omitted, there are no others. */
  readonly ranks?: TrainingRanks;
}

/** The history of a training without log entries. */
export function emptyHistory(): Results["history"] {
  return { iteration: [], metaLoss: [], validation: [], alpha: {} };
}
