import { wholeNumber, words } from "./parsers.js";

/** The flags that say what computes, of every command that computes; what they mean together is `chooseEngine`'s. */
export const engineFlags = {
  engine: {
    ...words(["auto", "simd", "tensor"]),
    optional: true,
    brief: "What computes [auto: simd; tensor with --device gpu or --backend]",
  },
  device: { ...words(["cpu", "gpu"]), optional: true, brief: "Where; gpu means the tensor engine [cpu]" },
  backend: {
    ...words(["cpu", "wasm"]),
    optional: true,
    brief: "TensorFlow.js backend of the tensor engine on the processor [wasm]",
  },
  build: {
    ...words(["simd", "relaxed-simd"]),
    optional: true,
    brief: "WebAssembly build of the simd engine [the fastest that this Node has]",
  },
  workers: {
    kind: "parsed",
    parse: wholeNumber(1, 64),
    optional: true,
    placeholder: "N",
    brief: "Threads of the simd engine; results do not depend on it [cores, at most 8]",
  },
} as const;
