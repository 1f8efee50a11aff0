export { chooseEngine, type EngineChoice } from "./choose-engine.js";
export { costlyOptions } from "./costly-options.js";
export { type DecidingConfig, decidingConfig, type OtherSetting } from "./deciding-config.js";
export { type DifferingSetting, differingSettings, requireSettings } from "./differing-settings.js";
export { withEvalEpochs } from "./eval-epochs.js";
export { modelShape } from "./model-shape.js";
export { neededResources } from "./needed-resources.js";
export { withNetworkSettings } from "./network-settings.js";
export { networksOfHybrid } from "./networks-of-hybrid.js";
export { openEngine, requireDevice, withBuild } from "./open-engine.js";
export { presets } from "./presets.js";
export { bestRecipe, defaultAlgorithms, recipes } from "./recipes.js";
export {
  type MachineResources,
  machineResources,
  requireResources,
  requireSpace,
  sizeInWords,
} from "./require-resources.js";
export { type ConfigLayers, resolveConfig, withGivenIterations } from "./resolve-config.js";
export { type DeepPartial, mergeSettings, type Settings, withoutEmpty } from "./settings.js";
export { otherSettings, typedSettings } from "./typed-settings.js";
export { isOwnStart, parseWarmStart, type WarmStart, type WarmStartNetwork, warmStartOf } from "./warm-start.js";
