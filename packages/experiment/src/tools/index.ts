export { type BenchOptions, type BenchResult, bench, type Times } from "./bench.js";
export type { PairsPerSecond } from "./bench-supervised.js";
export { benchSweep, type SweepAxis, type SweepPoint } from "./bench-sweep.js";
export { requireDifferentOutputs } from "./different-outputs.js";
export {
  builtInGolden,
  compareWithGolden,
  type DoctorRow,
  doctor,
  type GoldenQuantity,
  goldenQuantities,
} from "./doctor.js";
export type { EngineUnderTest } from "./doctor-engines.js";
export { evaluateModel } from "./evaluate-model.js";
export type { EvaluateModelOptions } from "./evaluation-request.js";
export { exportDraws, requireDrawsFile } from "./export-draws.js";
export { type OnnxModelOptions, writeOnnxModel } from "./export-model.js";
export { type ImportedNetwork, type ImportOptions, importNetwork } from "./import-network.js";
export { type Inspection, inspect } from "./inspect/index.js";
export { type ListBatch, type ListColumns, type ListFormat, listFormat } from "./list-file.js";
export {
  listColumns,
  type RecommendedPeople,
  type RecommendPeopleOptions,
  recommendPeople,
} from "./recommend-people.js";
export { type FigureFiles, writeReportFigures } from "./report-figures.js";
export { writeReportPage } from "./report-page.js";
export { requireSweepFigure, writeSweepFigure } from "./write-sweep-figure.js";
