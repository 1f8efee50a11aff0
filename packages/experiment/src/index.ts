export {
  askedMetricOf,
  askedMetricRows,
  askedMetricsIn,
  askedMetricTable,
  type Comparison,
  compareResults,
  compareTable,
  fewShotLegend,
  methodsOf,
  openingsSentence,
  rateTable,
  seedOf,
  stackTable,
  swapSentence,
  swapsAt,
  trainingNoiseInWords,
  trainingNoiseOf,
} from "@kshot/comparison";
export { fewPeopleWarning, randomStream } from "@kshot/metrics";
export { findProject, removeUnfinishedFolders } from "@kshot/store";
export type { RunCircumstances } from "./circumstances.js";
export {
  type ConfigLayers,
  type DecidingConfig,
  type DeepPartial,
  decidingConfig,
  defaultAlgorithms,
  type EngineChoice,
  isOwnStart,
  type OtherSetting,
  openEngine,
  parseWarmStart,
  presets,
  recipes,
  resolveConfig,
  type Settings,
  type WarmStart,
  type WarmStartNetwork,
} from "./config/index.js";
export {
  accountLines,
  demoCampus,
  demoData,
  demoDirectory,
  type EpisodeSize,
  episodeSize,
  type PreparedFolder,
  prepareFolder,
  readCampus,
  synthFolder,
} from "./data/index.js";
export type { Progress, ProgressEvent } from "./progress.js";
export {
  bestModel,
  modelsOfRun,
  type NamedRun,
  type PageMaker,
  type PageModel,
  type ResumeOptions,
  type RunIdentity,
  type RunModel,
  type RunningOptions,
  readResults,
  resumeTraining,
  type TrainOptions,
  type TrainOutcome,
  train,
} from "./run/index.js";
export { defaultSuite, type SuiteOptions, type SuiteOutcome, trainSuite } from "./suite/index.js";
export * from "./tools/index.js";
