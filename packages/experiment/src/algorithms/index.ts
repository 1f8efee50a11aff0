export { adaptingGroup, head } from "./adapting-groups.js";
export { type Baseline, type BaselineName, baselines } from "./baselines.js";
export { learnSeenRule } from "./count-models.js";
export { type EpisodeDraw, episodeDraws } from "./episode-draws.js";
export { followMetaTraining } from "./follow-meta-training.js";
export { type HybridCandidate, type LearnedHybrid, learnHybrid } from "./hybrid.js";
export { supervisedMinibatches } from "./minibatches.js";
export { searchNetwork } from "./network-search.js";
export {
  emptyHistory,
  type FinishedNetwork,
  type NetworkTraining,
  type StartNetworks,
  type TrainedNetwork,
  type TrainingCheckpoints,
  type TrainingCourse,
} from "./network-training.js";
export { type Need, type NetworkAlgorithm, networkAlgorithms, warmStartNeeds } from "./networks.js";
export { personalSignal } from "./personal-signal.js";
export { type EnsembleOptions, trainEnsemble } from "./train-ensemble.js";
export { type OnCountsOptions, trainOnCounts } from "./train-on-counts.js";
export {
  isShared,
  type MetaGradientFunction,
  type SharedRun,
  type SharedTraining,
  type TrainingRanks,
} from "./training-ranks.js";
export type { StateMetadata, StoredState, ValidationMetrics } from "./training-state.js";
