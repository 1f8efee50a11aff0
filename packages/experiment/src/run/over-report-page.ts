import { fileBegins, type ReplaceRule } from "@kshot/store";

/** A report page may be written over an earlier one, over nothing else. */
export const overReportPage: ReplaceRule = { wrote: (file) => fileBegins(file, /<title>kshot report<\/title>/) };
