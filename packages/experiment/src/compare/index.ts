export * from "./compare.js";
export { compareTable } from "./compare-table.js";
export { readResults } from "./read-results.js";
