import { mergeConfig } from "vitest/config";
import base from "../../tooling/vitest.base.js";

/** Browser tests wait longer, because a busy machine is slow. */
export default mergeConfig(base, { test: { expect: { poll: { timeout: 20_000 } } } });
