import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The slowest tests of the last run, from the `test-results/tests.json` that each package's run leaves.
 *
 * A package whose test results turbo took from its cache keeps the times of the cached run.
 *
 * @param {string} root the workspace's folder
 * @param {number} count how many tests
 * @returns {{ folder: string, name: string, seconds: number }[]} the slowest first
 */
export function slowTests(root, count) {
  return ["packages", "apps", "examples", "."]
    .flatMap((parent) => readdirSync(join(root, parent)).map((child) => join(parent, child)))
    .flatMap((folder) => {
      const file = join(root, folder, "test-results", "tests.json");
      if (!existsSync(file)) return [];
      const { testResults } = JSON.parse(readFileSync(file, "utf8"));
      return testResults.flatMap(({ assertionResults }) =>
        assertionResults.map(({ fullName, duration = 0 }) => ({ folder, name: fullName, seconds: duration / 1000 })),
      );
    })
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, count);
}

/**
 * Prints the slowest tests, one per line, and the time of the whole run.
 *
 * @param {string} root the workspace's folder
 * @param {number} seconds time of the whole run
 */
export function printSlowTests(root, seconds) {
  console.log("\nThe ten slowest tests:");
  for (const test of slowTests(root, 10)) {
    const name = test.name.length > 100 ? `${test.name.slice(0, 99)}…` : test.name;
    console.log(`${test.seconds.toFixed(1).padStart(7)} s  ${test.folder}: ${name}`);
  }
  console.log(`All tests: ${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s.`);
}
