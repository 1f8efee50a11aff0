export { defaultSuite } from "./default-suite.js";
export { type Planned, plan } from "./plan.js";
export { type SuiteOptions, type SuiteOutcome, trainSuite } from "./train-suite.js";
