// Named one by one, so that a page's bundle leaves out what only fits counting methods.
export { openCounts } from "@kshot/baselines";
export { countsDescription } from "./counts-description.js";
