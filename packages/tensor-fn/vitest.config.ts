import { mergeConfig } from "vitest/config";
import base from "../../tooling/vitest.base.js";

// TensorFlow.js publishes its gradients as ES modules that Node cannot load by itself; a test looks at them. Its registry is global, so
// that each test file needs a process.
export default mergeConfig(base, {
  test: { isolate: true, server: { deps: { inline: [/tfjs-core\/dist\/(?!tf-core)/] } } },
});
