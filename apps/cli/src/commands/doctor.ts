import { buildCommand } from "@stricli/core";

/** Flags of `doctor`, as they arrive in `run/doctor.ts`. */
export interface DoctorFlags {
  readonly golden?: readonly string[];
  readonly json: boolean;
}

export const doctorCommand = buildCommand<DoctorFlags, string[]>({
  loader: async () => (await import("../run/doctor.js")).runDoctor,
  parameters: {
    positional: { kind: "array", parameter: { parse: String, brief: "More golden files", placeholder: "FILE" } },
    flags: {
      golden: {
        kind: "parsed",
        parse: String,
        variadic: true,
        optional: true,
        placeholder: "FILE",
        brief: "Golden file; several may follow [the built-in one]",
      },
      json: { kind: "boolean", default: false, withNegated: false, brief: "Rows as JSON" },
    },
  },
  docs: {
    brief: "Compare this machine's engines with golden values",
    fullDescription: `Every quantity from logits to a trained model, on each SIMD build and each installed TensorFlow.js backend, against float64 double backward. Exit code 1 if any is off.

Examples
  kshot doctor
  kshot doctor --golden golden/*.json --json`,
  },
});
