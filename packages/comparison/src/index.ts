export { accountInWords } from "./account-in-words.js";
export { type Advice, adviceLines, adviceOf, fewestForVerdict } from "./advice.js";
export {
  type AdaptingName,
  type AlgorithmKind,
  type AlgorithmTraits,
  algorithmTitle,
  algorithmTraits,
  isAdapting,
  isAlgorithm,
  isBound,
  isMetaLearner,
  isNetwork,
  isSeeded,
  type MetaLearnerName,
  type NameOf,
  type NetworkName,
  type SupervisedName,
} from "./algorithms.js";
export { anonymousResults, withoutPeople } from "./anonymous.js";
export { type Answer, type AnswerOptions, answerOf, answerText, byFigure, subjectOf, verdict } from "./answer.js";
export {
  type AskedMetricPlace,
  type AskedMetricRow,
  askedMetricOf,
  askedMetricRows,
  askedMetricsIn,
  askedMetricTable,
  askedMetricTables,
} from "./asked-metric-table.js";
export { comparisonProblem, holdsMetric, requireEvaluations, requireSeveralPeople } from "./checks.js";
export { type ClicksOfGroup, type ClickWorth, clicksAt, clickWorth } from "./clicks.js";
export { type AdvisedWindow, type CompareOptions, type Comparison, compareResults } from "./compare.js";
export { compareTable, compareTables, peopleLeftOut, windowNotes } from "./compare-table.js";
export {
  type ComparedMethod,
  type ComparedWindow,
  compareWindow,
  type Difference,
  evaluationsOf,
  isOfLists,
  type WindowOptions,
} from "./compare-window.js";
export { computedOnce } from "./computed-once.js";
export {
  evaluationsAt,
  fewShotOf,
  innerStepsOf,
  samePeople,
  usesSupport,
  windowsAreTheSame,
  zeroShotOf,
} from "./evaluations.js";
export { type ExpertShare, type ExpertShares, expertSharesOf, leftOutTitle, triedTitle } from "./expert-shares.js";
export {
  familyInWords,
  familyOf,
  type Test,
  type TestedMethod,
  type TestedWindow,
  type TestFamily,
  withHolm,
} from "./family.js";
export { type GainOfGroup, type GainOfMethod, gainsAt } from "./gains.js";
export { type GroupMatrix, groupMatrix, groupsAt } from "./group-matrix.js";
export { meanIntervals } from "./intervals.js";
export { type ListedItems, type ListFigure, listedItemsAt } from "./listed-items.js";
export { type Method, methodsOf, referenceOf, seedsOf } from "./methods.js";
export { modelsOf } from "./models.js";
export {
  isUsual,
  meanOverSeeds,
  namedMetrics,
  overallMean,
  type PersonMetrics,
  personMetrics,
  type QueryFilter,
} from "./person-metrics.js";
export {
  noPersonalSignal,
  type PersonalVerdict,
  personalOf,
  personalVerdict,
  signalVerdict,
} from "./personal-signal.js";
export {
  lengthGroups,
  popularityGroups,
  type QueryGroup,
  queryGroups,
  seenGroups,
  usualGroups,
} from "./query-groups.js";
export {
  fixedRate,
  groupTable,
  hasRates,
  keptIteration,
  layerFinding,
  type RatesOfResults,
  rateFinding,
  rateTable,
  type TensorRates,
  tensorRates,
} from "./rates.js";
export {
  alphaRangeOf,
  type ComparableResults,
  configOf,
  type NamedResults,
  type Place,
  type ResultsOf,
  type Split,
  seedOf,
} from "./results.js";
export { runAdvice } from "./run-advice.js";
export { fewShotLegend, improvementPercent, runTable, runTables } from "./run-table.js";
export { type MethodSettings, settingInWords, settingsOf } from "./settings.js";
export { type CountedDifference, sideOf } from "./side-of.js";
export { inSlice, type Slice } from "./slices.js";
export { stackTable, stackTables } from "./stack-table.js";
export { type SwappedMethod, swapSentence, swapsAt } from "./swap.js";
export { outputLayer, tensorGroups } from "./tensor-groups.js";
export { type Table, textTable } from "./text-table.js";
export { trainingSeconds, trainingSecondsOf } from "./training-cost.js";
export { type TrainingNoise, trainingNoiseInWords, trainingNoiseOf } from "./training-noise.js";
export { whichToUse } from "./which-to-use.js";
export {
  definitionOfMetric,
  figure,
  openingsInWords,
  openingsSentence,
  points,
  sameWindowsNote,
  signed,
  splitTitles,
  titleOfMetric,
  usualMetric,
  whole,
  windowTitles,
  withInterval,
} from "./words.js";
