export { type AdaptedScoresOptions, adaptedScores } from "./adapted-scores.js";
export { type Candidates, logSumExp, rankedItems, type ScoredItem } from "./candidates.js";
export { type CountOffsetsSource, countOffsets, supportOffsets } from "./count-offsets.js";
export { ensembleScores } from "./ensemble-scores.js";
export { type FindItem, itemFinder } from "./item-finder.js";
export type { ServingMetadata } from "./model-metadata.js";
export { type ModelSource, type NamedBytes, type OpenModelOptions, ratesBeside, readIfThere } from "./model-source.js";
export { type OpenedModel, openModel, openSavedModel, type SavedModel } from "./open-model.js";
export { type OpenRecommenderOptions, openRecommender } from "./open-recommender.js";
export { type PersonTask, personTask } from "./person-task.js";
export type {
  Answer,
  FittedPerson,
  History,
  HistoryOptions,
  RankedItem,
  RankOptions,
  Recommender,
} from "./recommender.js";
export {
  type AskedPairs,
  type CountingStack,
  type StackedNetwork,
  type StackedPerson,
  stackedScores,
} from "./stacked-scores.js";
export { type SupportRules, supportRules } from "./support-rules.js";
