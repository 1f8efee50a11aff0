export { type ModelFileChoice, namedModels } from "./named-models.js";
export type { LogEntry, ServeOptions } from "./serve-options.js";
export { type RunningServer, startServer } from "./start-server.js";
