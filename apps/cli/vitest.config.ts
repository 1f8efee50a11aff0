import { mergeConfig } from "vitest/config";
import base from "../../tooling/vitest.base.js";

/** Two processes: these tests take longest and often run last, when the other cores are free. */
export default mergeConfig(base, { test: { maxWorkers: 2 } });
