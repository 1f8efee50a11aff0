export type { CountModel, CountModelKind, CountModelTensors, EncodedCountModel } from "./count-models/count-model.js";
export { type CountModelName, countModelKind, countModelKinds, decodeCountModel } from "./count-models/table.js";
export {
  type TriedSetting,
  type TunedCountModel,
  tuneCountModel,
  tuningGrids,
} from "./count-models/tune-count-model.js";
export type { ItemEvidence } from "./counts/item-evidence.js";
export { itemsRepeat } from "./counts/items-repeat.js";
export { personHistory } from "./counts/person-history.js";
export { type ItemKnnOptions, itemKnn } from "./item-knn.js";
export { markov } from "./markov.js";
export { popularity } from "./popularity.js";
export { recent } from "./recent.js";
export type { Scorer } from "./scorer.js";
export { type SessionKnnOptions, sessionKnn } from "./session-knn.js";
export { type ChoiceOptions, chooseExpert, type TriedExpert } from "./stack/choose-expert.js";
export { type EliminationOptions, eliminateExperts, type LeftOutExpert } from "./stack/eliminate-experts.js";
export type { Expert } from "./stack/expert.js";
export { type ExpertShare, type FittedStack, fitRows, fitStack, type StackOptions } from "./stack/fit-stack.js";
export {
  crossSessionExpert,
  decodeMixture,
  defaultExperts,
  type EncodedMixture,
  type ExpertChoice,
  encodeMixture,
  expertOfLogits,
  fitExperts,
  fitMixture,
  type Mixture,
  type NamedCountModel,
  openMixture,
  type ValidationQuery,
} from "./stack/mixture.js";
export { type SeenFeatures, seenFeatureNames, seenFeatures } from "./stack/seen-features.js";
export { type WithSeenRule, withSeenRule } from "./stack/seen-rule.js";
export { logSoftmax, type StackWeights, stackLogProbabilities } from "./stack/stack.js";
export { type Row, type RowOptions, type StackExample, stackRow } from "./stack/stack-rows.js";
export {
  type CountsDescription,
  type OpenedCounts,
  openCounts,
  type StoredCounts,
  storeMixture,
  storeScorer,
  storeSeenRule,
} from "./stored-counts.js";
export type { StoredScorer } from "./stored-scorer.js";
