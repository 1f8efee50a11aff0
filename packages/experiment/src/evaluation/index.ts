export { askedMetrics } from "./asked-metrics.js";
export { type ClicksPlace, clicksOf, evaluateClicks, type RankedWithFirst } from "./clicks.js";
export { countingScorer, type QueryScorer } from "./counting-scorer.js";
export {
  type EvaluationPlan,
  evaluate,
  labelCounts,
  peopleIn,
  rankedValidationPeople,
  rankValidationPeople,
  windows,
} from "./evaluate.js";
export { evenlySpaced } from "./evenly-spaced.js";
export { type NetworkInUse, networkScorer, queryExamples, supportExamples } from "./network-scorer.js";
export type { Person, PersonScorer } from "./person-scorer.js";
export { type RankedPeople, type RankingPlan, rankPeople, type ShownPeople } from "./ranked-people.js";
export { everyoneTrains, requireSeveralPeopleIn } from "./several-people.js";
export { type StackedNetworkInUse, stackedScorer } from "./stacked-scorer.js";
export { type SupportRules, type SupportSettings, supportRules } from "./support-rules.js";
export { countingSwap, evaluateSwap, evaluateSwaps, pairsOfOthers, type SwapPlan, swapDraws } from "./swap.js";
export { gainsOf, isConvincing, personalMrr, stepTestLevel } from "./validation-gain.js";
