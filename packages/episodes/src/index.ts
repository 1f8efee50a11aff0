export * from "./core/index.js";
export * from "./files/index.js";
