export { type BootstrapOptions, bootstrapIntervals } from "./bootstrap.js";
export { expectedRank } from "./expected-rank.js";
export { hitAt } from "./hit.js";
export { metricsOf } from "./metrics-of.js";
export { ndcgAt } from "./ndcg.js";
export { overallMetrics } from "./overall-metrics.js";
export { personMetrics } from "./person-metrics.js";
export { type Rank, rankOf } from "./rank.js";
export { reciprocalRank } from "./reciprocal-rank.js";
