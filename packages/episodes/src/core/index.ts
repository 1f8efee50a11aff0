export {
  type BuiltDataSet,
  buildDataSet,
  type DataSetOptions,
  type DataSetProgress,
  type Shares,
  standardSplit,
} from "./build-data-set.js";
export * from "./campus/index.js";
export type { PairCounts } from "./count-pairs.js";
export { type DataSetOfOptions, dataSetOf } from "./data-set-of.js";
export { type DroppedRows, type DropReason, dropReasons, type Tally } from "./dropped-rows.js";
export { episodeSampler } from "./episode-sampler.js";
export type { EventColumns } from "./event-columns.js";
export type { ItemEvent } from "./item-event.js";
export { pairBatches } from "./pair-batches.js";
export { episodeQuery, episodeSupport, historyLengths, pairsAt } from "./pairs-at.js";
export { pairsOfPeople } from "./pairs-of-people.js";
export { type Served, servedPeople } from "./served-people.js";
export { groupBatches, rowsByGroup } from "./session-batches.js";
export type { Ties } from "./sessions.js";
export { shuffle } from "./shuffle.js";
export type { BetweenSplits } from "./split-by-time.js";
export { type EventAccount, summarise } from "./summarise.js";
export { type TrainingWindows, trainingWindows } from "./training-windows.js";
export { WholeHistory, wholeHistories, withEarlierContext, withSupportContext } from "./whole-history.js";
export { rowsByPerson, slidingEpisodes, windowEpisodes } from "./windows.js";
