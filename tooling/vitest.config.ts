import { mergeConfig } from "vitest/config";
import base from "./vitest.base.js";

/** Two processes, as in `apps/cli`: these tests run last, too. */
export default mergeConfig(base, { test: { maxWorkers: 2 } });
