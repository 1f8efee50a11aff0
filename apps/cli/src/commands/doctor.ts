import { buildCommand } from "@stricli/core";
import { type DoctorFlags, doctorFlags } from "../flags/doctor.js";
import { withExamples } from "./command.js";

export const doctorCommand = withExamples(
  buildCommand<DoctorFlags, string[]>({
    loader: async () => (await import("../run/doctor.js")).runDoctor,
    parameters: {
      flags: doctorFlags,
      positional: { kind: "array", parameter: { parse: String, placeholder: "FILE", brief: "More golden files" } },
    },
    docs: {
      brief: "Compare this machine's engines with golden values",
      fullDescription:
        "Compares every quantity, from logits to a trained model, with float64 double backward: each SIMD build and each installed TensorFlow.js backend, or the engine of --device. Exit code 1 if any is outside its tolerance.",
    },
  }),
  [["kshot doctor"], ["kshot doctor --device gpu"], ["kshot doctor --golden golden/*.json --json"]],
);
