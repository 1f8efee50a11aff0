export { askedMetrics } from "./asked-metrics.js";
export { countingScorer, type QueryScorer } from "./counting-scorer.js";
export { type EvaluationPlan, evaluate, peopleIn, rankValidationPeople, windows } from "./evaluate.js";
export { type NetworkInUse, networkScorer, queryExamples, supportExamples } from "./network-scorer.js";
export type { Person, PersonScorer } from "./person-scorer.js";
export { type RankedPeople, type RankingPlan, rankPeople, type ShownPeople } from "./ranked-people.js";
export { everyoneTrains, requireSeveralPeopleIn } from "./several-people.js";
export { type SupportRules, type SupportSettings, supportRules } from "./support-rules.js";
export { convincingGain, gainInStandardErrors, personalMrr } from "./validation-gain.js";
