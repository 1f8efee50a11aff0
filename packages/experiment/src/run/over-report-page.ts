import { fileBegins, type ReplaceRule } from "@kshot/store";

/** A report page may replace only an earlier report page. */
export const overReportPage: ReplaceRule = { wrote: (file) => fileBegins(file, /<title>kshot report<\/title>/) };
