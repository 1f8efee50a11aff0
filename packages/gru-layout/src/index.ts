export { checkInnerClip, checkMetaGradient, checkQueries, checkSteps, checkVectors } from "./check-call.js";
export { checkOffsets } from "./check-offsets.js";
export { checkPairs } from "./check-pairs.js";
export { checkStateDropout } from "./check-state-dropout.js";
export { type GruConfig, gruConfig } from "./config.js";
export { initialParameters } from "./initial-parameters.js";
export { gruParameterCount, gruParameterLayout } from "./layout.js";
export { allFinite, firstNotFinite, notFinite } from "./not-finite.js";
export { type PrefixForest, prefixForest } from "./prefix-forest.js";
