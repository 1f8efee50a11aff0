import { type FlagsOf, optional, required, toggle } from "./flag.js";

/** Flags of `report`. */
export interface ReportFlags {
  readonly out: string;
  readonly model?: string;
  readonly anonymous: boolean;
  readonly open: boolean;
}

export const reportFlags: FlagsOf<ReportFlags> = {
  out: required("FILE.html", String, "Page to write"),
  model: optional(
    "FILE|RUN",
    String,
    "A model's .safetensors, or a run's folder for its best: the page lets a reader click items and computes the ranking",
    "none",
  ),
  anonymous: toggle("Leave out people's names, histories, lists and answers; ranks and figures stay"),
  open: toggle("Open it in the browser"),
};
