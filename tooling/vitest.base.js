import { defineConfig } from "vitest/config";

/**
 * Settings shared by every package: tests are next to the code, one process per package, generous time for slow machines.
 *
 * Each run leaves its tests' times in `test-results/tests.json`, which `npm test` reads for its list of slow tests.
 * Coverage counts the package's own sources, as run in the test's process; what a child process runs is not counted.
 */
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 1,
    // The files of a package share one process: to load its modules once per file took half of the tests' time.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    passWithNoTests: false,
    // Node itself loads the built packages: transforming them took a third of the tests' time.
    server: { deps: { external: [/\/packages\/[\w-]+\/dist\//, /\/report-viewer\/dist\//] } },
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
