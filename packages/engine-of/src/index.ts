export { type EngineOfOptions, engineOf, type ParameterTensors } from "./engine-of.js";
