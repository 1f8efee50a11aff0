export { type CellParameters, gruCell } from "./gru-cell.js";
export { createTensorEngine, type TensorEngineOptions } from "./tensor-engine.js";
