export { accountLines } from "./account-lines.js";
export { campusOf, isCampus } from "./campus-of.js";
export { demoCampus, demoData, demoDirectory } from "./demo-data.js";
export { type EpisodeSize, episodeSize, episodeSizes } from "./episode-sizes.js";
export { changedSincePrepared } from "./folder-hashes.js";
export { openDataFolder } from "./open-data-folder.js";
export { type PreparedFolder, prepareFolder } from "./prepare.js";
export { readCampus, synthFolder } from "./synth.js";
export { openTestPeople, type TestOpening } from "./test-openings.js";
