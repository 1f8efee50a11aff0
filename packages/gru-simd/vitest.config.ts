import { mergeConfig } from "vitest/config";
import base from "../../tooling/vitest.base.js";

export default mergeConfig(base, { test: { setupFiles: ["test/both-builds.ts"] } });
