import { anonymousBrief, type FlagsOf, optional, toggle } from "./flag.js";

/** Flags of `report`. */
export interface ReportFlags {
  readonly out?: string;
  readonly figures?: string;
  readonly model?: string;
  readonly anonymous: boolean;
  readonly open: boolean;
}

export const reportFlags: FlagsOf<ReportFlags> = {
  out: optional("FILE.html", String, "Page to write", "no page, only with --figures"),
  figures: optional(
    "DIR",
    String,
    "Every figure for a paper, 3.3 and 7 inches wide: SVG, tables (.tex, .md), values (.csv); PNG and PDF where a Chromium is installed",
    "none",
  ),
  model: optional(
    "FILE|RUN",
    String,
    "A model's .safetensors, or a run's folder, for its best model; in the page a reader clicks items and sees the ranking",
    "none",
  ),
  anonymous: toggle(anonymousBrief),
  open: toggle("Open it in the browser"),
};
