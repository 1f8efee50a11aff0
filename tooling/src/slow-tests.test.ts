import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { slowTests } from "../slow-tests.js";

test("the slowest tests of all packages, the slowest first; a test that was skipped counts nothing", () => {
  const root = mkdtempSync(join(tmpdir(), "kshot-slow-tests-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const parent of ["packages", "apps", "examples"]) mkdirSync(join(root, parent));
  const leave = (folder: string, ...times: readonly (readonly [name: string, duration?: number])[]) => {
    mkdirSync(join(root, folder, "test-results"), { recursive: true });
    const assertionResults = times.map(([fullName, duration]) => ({ fullName, duration }));
    writeFileSync(
      join(root, folder, "test-results", "tests.json"),
      JSON.stringify({ testResults: [{ assertionResults }] }),
    );
  };
  mkdirSync(join(root, "packages", "untested"));
  leave("packages/metrics", ["quick", 10], ["slow", 3000]);
  leave("apps/cli", ["slowest", 4500], ["skipped"]);
  leave("tooling", ["middle", 200]);
  expect(slowTests(root, 3)).toEqual([
    { folder: "apps/cli", name: "slowest", seconds: 4.5 },
    { folder: "packages/metrics", name: "slow", seconds: 3 },
    { folder: "tooling", name: "middle", seconds: 0.2 },
  ]);
  expect(slowTests(root, 9).at(-1)).toEqual({ folder: "apps/cli", name: "skipped", seconds: 0 });
});
