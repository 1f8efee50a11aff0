export * from "./checkpoint.js";
export * from "./config.js";
export { configJsonSchema } from "./config-json-schema.js";
export * from "./data-folder.js";
export * from "./golden.js";
export * from "./parse.js";
export * from "./results.js";
export * from "./run-folder.js";
export { metrics as metricsSchema, metricValues } from "./shared.js";
