export { inspect } from "./inspect.js";
export type { Inspection } from "./inspection.js";
