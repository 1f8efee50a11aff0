import { type FlagsOf, toggle } from "./flag.js";

/** Flags of `inspect`. */
export interface InspectFlags {
  readonly json: boolean;
}

export const inspectFlags: FlagsOf<InspectFlags> = { json: toggle("Print it as JSON") };
