import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { setRepository } from "../../set-repository.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kshot-repository-"));
  mkdirSync(join(root, "packages", "notes"), { recursive: true });
  for (const [folder, manifest] of Object.entries({
    metrics: { name: "@kshot/metrics", version: "0.1.0" },
    laws: { name: "@kshot/laws", private: true },
  })) {
    mkdirSync(join(root, "packages", folder));
    writeFileSync(join(root, "packages", folder, "package.json"), JSON.stringify(manifest));
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const manifestOf = (folder: string) => JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8"));

it("names the repository that releases in every public package, as npm's provenance requires", () => {
  const environment = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "someone/kshot" };
  expect(setRepository(root, environment)).toEqual(["packages/metrics"]);
  expect(manifestOf("metrics")).toEqual({
    name: "@kshot/metrics",
    version: "0.1.0",
    repository: { type: "git", url: "git+https://github.com/someone/kshot.git", directory: "packages/metrics" },
  });
  expect(manifestOf("laws")).toEqual({ name: "@kshot/laws", private: true });
});

it("changes nothing outside GitHub Actions", () => {
  expect(setRepository(root, {})).toEqual([]);
  expect(manifestOf("metrics")).toEqual({ name: "@kshot/metrics", version: "0.1.0" });
});
