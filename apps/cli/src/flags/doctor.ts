import { deviceFlag, type EngineFlags } from "./engine.js";
import { type FlagsOf, several, toggle } from "./flag.js";

/** Flags of `doctor`. */
export interface DoctorFlags {
  readonly device?: EngineFlags["device"];
  readonly golden?: readonly string[];
  readonly json: boolean;
}

export const doctorFlags: FlagsOf<DoctorFlags> = {
  device: deviceFlag,
  golden: several("FILE", String, "Golden file", "the built-in one"),
  json: toggle("Print the rows as JSON"),
};
