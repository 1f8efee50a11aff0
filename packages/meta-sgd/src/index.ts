export { type Adam, type AdamState, adam } from "./adam.js";
export { adapt, adaptAtSteps } from "./adapt.js";
export { maml } from "./algorithms/maml.js";
export type { MetaAlgorithm } from "./algorithms/meta-algorithm.js";
export { metaSgd } from "./algorithms/meta-sgd.js";
export { metaAlgorithms } from "./algorithms/table.js";
export { clampRates } from "./clamp-rates.js";
export type { DifferentiableEngine } from "./differentiable-engine.js";
export { metaGradient } from "./meta-gradient.js";
export { metaGradientByRecursion } from "./meta-gradient-by-recursion.js";
export { type MetaBest, type MetaTrainingState, startMetaTraining } from "./meta-training-state.js";
export type { RateDistribution } from "./rate-distribution.js";
export { rateStatistics } from "./rate-statistics.js";
export { rateSummary } from "./rate-summary.js";
export { type SupervisedTrainingState, startSupervisedTraining } from "./supervised-training-state.js";
export {
  type MetaTrainingOptions,
  type MetaTrainingResult,
  type Stopped,
  trainMeta,
  type Validation,
} from "./train-meta.js";
export { type SupervisedTrainingOptions, type SupervisedTrainingResult, trainSupervised } from "./train-supervised.js";
export type { TrainingHistory, TrainingLogEntry } from "./training-history.js";
