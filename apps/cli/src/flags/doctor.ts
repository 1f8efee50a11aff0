import { type FlagsOf, several, toggle } from "./flag.js";

/** Flags of `doctor`. */
export interface DoctorFlags {
  readonly golden?: readonly string[];
  readonly json: boolean;
}

export const doctorFlags: FlagsOf<DoctorFlags> = {
  golden: several("FILE", String, "Golden file", "the built-in one"),
  json: toggle("Print the rows as JSON"),
};
