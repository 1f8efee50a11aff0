import { type FlagsOf, optional, required } from "./flag.js";

/** Flags of `export`. */
export interface ExportFlags {
  readonly model: string;
  readonly onnx: string;
  readonly for?: string;
}

export const exportFlags: FlagsOf<ExportFlags> = {
  model: required(
    "FILE|RUN",
    String,
    "A model's .safetensors; or a run's folder, for its model of the best validation MRR",
  ),
  onnx: required("FILE", String, "ONNX file to write; an earlier ONNX file of kshot is replaced"),
  for: optional(
    "JSON",
    String,
    "A person's history, a JSON list of items or of sessions: the model is fitted to it first",
    "the model as trained",
  ),
};
