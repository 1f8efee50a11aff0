export * from "./campus/index.js";
export { episodeSampler } from "./episode-sampler.js";
export type { EventColumns } from "./event-columns.js";
export { pairBatches } from "./pair-batches.js";
export { episodeQuery, episodeSupport, historyLengths, pairsAt } from "./pairs-at.js";
export { summarise } from "./summarise.js";
export { WholeHistory, wholeHistories, withEarlierContext, withSupportContext } from "./whole-history.js";
export { rowsByPerson, slidingEpisodes, windowEpisodes } from "./windows.js";
