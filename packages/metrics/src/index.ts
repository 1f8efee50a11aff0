export { type AskedOf, type AskedValue, askedMetricValue } from "./asked-metrics.js";
export { type BootstrapOptions, bootstrapIntervals } from "./bootstrap.js";
export { coverage } from "./coverage.js";
export { coverageDifference, coverageDifferenceInSteps, type ListedItems } from "./coverage-difference.js";
export { type EvaluateOptions, type Evaluation, evaluate } from "./evaluate.js";
export { expectedRank } from "./expected-rank.js";
export { hitAt } from "./hit.js";
export { holm } from "./holm.js";
export { fewestUnequal, fewPeople, fewPeopleWarning, intervalCaution, safeInterval } from "./intervals/caution.js";
export type { IntervalOptions } from "./intervals/studentised.js";
export { type MaxZ, maxZ } from "./max-z.js";
export { metricsOf } from "./metrics-of.js";
export { ndcgAt } from "./ndcg.js";
export { novelty, selfInformation } from "./novelty.js";
export { overallMetrics, personMetrics } from "./overall-metrics.js";
export {
  type PairedDifference,
  type PairedMetrics,
  type PairedOptions,
  pairedDifference,
  pairedDifferences,
  pairedDifferencesInSteps,
  pairedPValues,
} from "./paired-difference.js";
export { randomStream } from "./random-stream.js";
export { type Rank, rankOf } from "./rank.js";
export { rankMetric } from "./rank-metric.js";
export { reciprocalRank } from "./reciprocal-rank.js";
export { signFlipTest } from "./sign-flip.js";
