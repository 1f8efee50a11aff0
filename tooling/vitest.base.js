import { defineConfig } from "vitest/config";

/** Settings shared by every package: tests stand beside the code, one process each, generous time for slow machines. */
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    passWithNoTests: false,
  },
});
