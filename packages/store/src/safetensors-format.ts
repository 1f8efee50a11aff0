/** The safetensors format without file access, so it also runs in a browser. */
export { decodeSafetensors } from "./decode-safetensors.js";
export { encodeSafetensors } from "./encode-safetensors.js";
export { requireIntact } from "./require-intact.js";
export type { Safetensors, Tensor, TensorValues } from "./safetensors.js";
export { countsPrefix, countTensors, splitCounts } from "./split-counts.js";
export { ensemblePrefix, splitEnsemble } from "./split-ensemble.js";
export { ratePrefix, splitRates } from "./split-rates.js";
export { vectorFrom } from "./vector-from.js";
