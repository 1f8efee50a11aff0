export { type ImportRule, importMap } from "./map.js";
export { goldenErrors, relativeError } from "./reference/golden-errors.js";
export {
  fullSizePlan,
  type GoldenPlan,
  goldenFromSeed,
  smallPlan,
} from "./reference/golden-from-seed.js";
export { referenceGolden, type TrainingInputs } from "./reference/reference-golden.js";
