export { type Adam, type AdamState, adam, nextAdamStep } from "./adam.js";
export { type AdaptOptions, adapt, adaptAtSteps } from "./adapt.js";
export { adaptingTensors, keepOnly } from "./adapting-tensors.js";
export { anil } from "./algorithms/anil.js";
export { fomaml } from "./algorithms/fomaml.js";
export { maml } from "./algorithms/maml.js";
export type { MetaAlgorithm, MetaAlgorithmName } from "./algorithms/meta-algorithm.js";
export { metaSgd } from "./algorithms/meta-sgd.js";
export { reptile } from "./algorithms/reptile.js";
export { residualMaml } from "./algorithms/residual-maml.js";
export { metaAlgorithms } from "./algorithms/table.js";
export { type AlphaSharing, alphaSharings, shareGradient } from "./alpha-sharing.js";
export { clampRates } from "./clamp-rates.js";
export { clipNorm } from "./clip.js";
export type { DifferentiableEngine } from "./differentiable-engine.js";
export { displacementGradient } from "./displacement-gradient.js";
export { fillInitialRates } from "./initial-rates.js";
export { metaGradient } from "./meta-gradient.js";
export { type ClippedMetaGradientOptions, metaGradientByRecursion } from "./meta-gradient-by-recursion.js";
export type { MetaTrainingOptions, MetaTrainingResult, Stopped, Validation } from "./meta-training-options.js";
export { type MetaBest, type MetaTrainingState, startMetaTraining } from "./meta-training-state.js";
export { orAborted } from "./or-aborted.js";
export { type RateDistribution, rateDistributions } from "./rate-distribution.js";
export { rateStatistics } from "./rate-statistics.js";
export { rateSummary } from "./rate-summary.js";
export { type ScheduleName, scheduleFactor, scheduleNames } from "./schedule.js";
export type { Spread } from "./spread.js";
export { type SupervisedTrainingState, startSupervisedTraining } from "./supervised-training-state.js";
export { trainMeta } from "./train-meta.js";
export { type SupervisedTrainingOptions, type SupervisedTrainingResult, trainSupervised } from "./train-supervised.js";
export {
  type AllRates,
  appendEntry,
  copyHistory,
  type PendingLog,
  type TrainingHistory,
  type TrainingLogEntry,
} from "./training-history.js";
export { TrainingVector } from "./training-vector.js";
