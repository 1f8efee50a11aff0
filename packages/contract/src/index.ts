export * from "./algorithms.js";
export * from "./engine.js";
export * from "./errors.js";
export * from "./json-pieces.js";
export * from "./pairs.js";
export { parseJson } from "./parse-json.js";
export * from "./ranking.js";
export * from "./tables.js";
export * from "./vector.js";
