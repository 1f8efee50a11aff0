import v8 from "node:v8";

// Node 20 has relaxed SIMD behind a flag: both builds are tested there too, as the command line uses them.
if (Number.parseInt(process.versions.node, 10) < 22) v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
