export { recoverReplaced, removeAbandoned } from "./abandoned.js";
export {
  type CheckpointContent,
  type CheckpointFile,
  readCheckpoint,
  readSafetensorsMetadata,
  writeCheckpoint,
} from "./checkpoint-file.js";
export { cleanProject } from "./clean-project.js";
export { decodeSafetensors } from "./decode-safetensors.js";
export { encodeSafetensors } from "./encode-safetensors.js";
export { folderHolder, type LockWaiting, withFolderHeld, withWaitingLock } from "./file-lock.js";
export type { HeldLock } from "./held-lock.js";
export { Journal } from "./journal.js";
export { type Content, type FileSchema, readJsonFile, type Writable, writeJsonFile } from "./json-file.js";
export { sha256Json } from "./json-seal.js";
export { type FoundLease, findLease, type Lease, type LeaseHolder, removeLeases, takeLease } from "./lease.js";
export {
  type ModelContent,
  type ModelFile,
  type ModelTensors,
  readModel,
  writeModel,
  writeModelTensors,
} from "./model-file.js";
export { countOpening, type Opening, openingsFile, openingsOf, readOpenings } from "./openings.js";
export { findProject, openProject } from "./project.js";
export {
  countTestOpening,
  findRunOf,
  listRuns,
  type RunPlace,
  registerRun,
} from "./registry.js";
export { fileBegins, kshotJson, type ReplaceRule, requireReplaceable } from "./replaceable.js";
export { resolveFrom } from "./resolve-from.js";
export { type RunEntry, runDirectory } from "./run-directory.js";
export { createRun, type RunFolder } from "./run-folder.js";
export type { Safetensors, Tensor, TensorValues } from "./safetensors.js";
export { withScratchFolder } from "./scratch-folder.js";
export { type FileFingerprint, sha256File } from "./sha256.js";
export { countsPrefix, countTensors, splitCounts } from "./split-counts.js";
export { ensemblePrefix, splitEnsemble } from "./split-ensemble.js";
export { ratePrefix, splitRates } from "./split-rates.js";
export { type DamageOptions, readTensorFile, writeTensorFile } from "./tensor-file.js";
export { removeUnfinishedFolders } from "./unfinished-folders.js";
export { vectorFrom } from "./vector-from.js";
export type { FileContent } from "./write-content.js";
export { removeFile, writeFileAtomic } from "./write-file.js";
export { type FolderFiles, writeFolderAtomic } from "./write-folder.js";
