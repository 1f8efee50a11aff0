import { type FlagsOf, required, toggle } from "./flag.js";

/** Flags of `report`. */
export interface ReportFlags {
  readonly out: string;
  readonly open: boolean;
}

export const reportFlags: FlagsOf<ReportFlags> = {
  out: required("FILE.html", String, "Page to write"),
  open: toggle("Open it in the browser"),
};
