import { defineConfig } from "vitest/config";

/**
 * Settings shared by every package: tests are next to the code, one process each, generous time for slow machines.
 *
 * Each run leaves its tests' times in `test-results/tests.json`, which `npm test` reads for its list of slow tests.
 * Coverage counts the package's own sources, as run in the test's process; what a child process runs is not counted.
 */
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    passWithNoTests: false,
    reporters: ["default", ["json", { outputFile: "test-results/tests.json" }]],
    coverage: {
      provider: "v8",
      include: ["src/**/*.{ts,tsx}"],
      exclude: ["src/**/*.test.ts"],
      reporter: ["json-summary", "json"],
      reportsDirectory: "coverage",
    },
  },
});
