export { bestModel, modelsOfRun, type RunModel } from "./best-model.js";
export { readStoredVectors } from "./checkpoint-vectors.js";
export { type LoadedNetwork, loadNetwork, modelFingerprint } from "./model-files.js";
export { type Follower, openFollower } from "./open-follower.js";
export type {
  PageMaker,
  PageModel,
  ResumeOptions,
  RunningOptions,
  TrainOptions,
  TrainOutcome,
} from "./options.js";
export { overReportPage } from "./over-report-page.js";
export { pageModel } from "./page-model.js";
export { type NamedRun, readResults } from "./read-results.js";
export { reopenRun, shortName } from "./reopen-run.js";
export { onlyPlainGru } from "./require-fit.js";
export { evaluationAt, type ResultsParts, resultsOf } from "./results.js";
export {
  checkpointFolder,
  modelFile,
  posix,
  relativePath,
  resultFile,
  runFiles,
  suiteFile,
  vocabularyFile,
} from "./run-files.js";
export { runOutput } from "./run-output.js";
export { otherData, requireSameVocabulary } from "./same-vocabulary.js";
export { loadScorer, type SavedScorer } from "./saved-model.js";
export { loadStart } from "./start-networks.js";
export { type RunIdentity, reserveRun, writeRunConfig } from "./start-run.js";
export { resumeTraining, train } from "./train.js";
export { trainingOrder } from "./training-order.js";
