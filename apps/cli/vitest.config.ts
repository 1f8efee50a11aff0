import { mergeConfig } from "vitest/config";
import base from "../../tooling/vitest.base.js";

/** The built packages are loaded by Node itself: transforming them took a third of the tests' time. */
export default mergeConfig(base, {
  test: { server: { deps: { external: [/\/packages\/[\w-]+\/dist\//, /\/report-viewer\/dist\//] } } },
});
