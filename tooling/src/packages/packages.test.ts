import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Installed, installEach, packAll, publicPackages, runExample } from "./tarballs.js";

const packages = publicPackages();
const folder = mkdtempSync(join(tmpdir(), "kshot-packages-"));
const projects = join(folder, "projects");
const projectOf = (name: string) => name.replace("/", "-");
let tarballs: Map<string, string>;
let install: Installed;
beforeAll(() => {
  tarballs = packAll(packages, join(folder, "tarballs"));
  install = installEach(
    projects,
    new Map(packages.map(({ name, installed }) => [projectOf(name), installed])),
    tarballs,
  );
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Nodes to run the examples by: this one, and those of KSHOT_NODES (paths, separated by commas). */
const nodes = [process.execPath, ...(process.env.KSHOT_NODES?.split(",") ?? [])];

describe.each(packages)("$name", ({ name, example }) => {
  it("installs alone from its tarball, is imported, and runs its README's example", (context) => {
    const { ok, output, offline } = install;
    if (!ok && offline) {
      console.error(`SKIPPED: ${name} was not installed from its tarball, for the npm registry cannot be reached.`);
      context.skip("the npm registry cannot be reached");
    }
    expect(ok, output).toBe(true);
    for (const node of nodes) {
      const program = `${example}\nconst whole = await import(${JSON.stringify(name)});\nif (Object.keys(whole).length === 0) throw new Error("nothing exported");\n`;
      const { status, stderr } = runExample(node, join(projects, projectOf(name)), program);
      expect(status, `${node}\n${stderr}`).toBe(0);
    }
  }, 300_000);

  it("passes publint", async () => {
    const { messages } = await publint({
      pack: { tarball: new Uint8Array(readFileSync(tarballs.get(name)!)).buffer },
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, {}, { color: false }))).toEqual([]);
  });

  it("passes attw as an ES module", async () => {
    const analysis = await checkPackage(
      createPackageFromTarballData(new Uint8Array(readFileSync(tarballs.get(name)!))),
      // Data files such as WebAssembly have no types.
      { excludeEntrypoints: [/^\.\/example\//, /\.wasm$/] },
    );
    expect(analysis.types).not.toBe(false);
    if (!analysis.types) return;
    // Only an ES module: CommonJS uses import(), and node10 has no exports.
    const problems = analysis.problems.filter(
      (problem) =>
        problem.kind !== "CJSResolvesToESM" && !("resolutionKind" in problem && problem.resolutionKind === "node10"),
    );
    expect(problems).toEqual([]);
  });
});
