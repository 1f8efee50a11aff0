import { mergeConfig } from "vitest/config";
import base from "../../tooling/vitest.base.js";

/** What is waited for in a browser comes late on a busy machine. */
export default mergeConfig(base, { test: { expect: { poll: { timeout: 20_000 } } } });
