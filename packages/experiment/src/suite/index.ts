export { defaultSuite } from "./default-suite.js";
export { type FinishSuiteOptions, finishSuite, type SuiteOutcome } from "./finish-suite.js";
export { type Planned, plan } from "./plan.js";
export { planSuite, projectOfSuite, type SuiteCells, type SuiteOptions } from "./plan-suite.js";
export { requirePlannedData } from "./planned-data.js";
export { carryOutSuiteCell, type SuiteCellOptions } from "./suite-cell.js";
