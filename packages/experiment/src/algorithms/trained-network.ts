import type { AlgorithmName, MetricName, ParameterVector } from "@kshot/contract";
import type { Config, Results } from "@kshot/contract/schemas";

/** Metrics at one validation, values alone. */
export type ValidationMetrics = Record<MetricName, number>;

/** A network whose training is over, as a warm start and a report need it. */
export interface FinishedNetwork {
  readonly algorithm: AlgorithmName;
  readonly theta: ParameterVector;
  /** Null for a network without inner learning rates. */
  readonly alpha: ParameterVector | null;
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
  /** Settings that were chosen on the validation people, laid over the run's. */
  readonly config?: Config;
  /** Those settings in words. */
  readonly choice?: string;
}
