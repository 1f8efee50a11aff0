export * from "./compare.js";
export { compareTable } from "./compare-table.js";
export { fewShotLegend } from "./few-shot-legend.js";
export { readResults } from "./read-results.js";
