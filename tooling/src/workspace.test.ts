import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { importMap } from "./map.js";
import { blankComments } from "./workspace/blank-comments.js";
import { importsOf } from "./workspace/imports-of.js";
import { privateText } from "./workspace/private-text.js";
import { readPackages } from "./workspace/read-packages.js";
import { type PackageSource, violations } from "./workspace/violations.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

describe("this workspace", () => {
  const packages = readPackages(root);

  test("has the packages of the map", () => {
    expect(packages.map(({ folder }) => folder)).toEqual(expect.arrayContaining(["contract", "meta-sgd", "cli"]));
  });

  test("keeps the map and the rules for packages", () => expect(violations(packages, importMap)).toEqual([]));

  // A downloaded archive has no index to ask; the rule is for commits.
  const listed = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  test.skipIf(listed.status !== 0)("holds no machine path and no registry host", () => {
    const files = listed.stdout.split("\0").filter((file) => file !== "" && existsSync(join(root, file)));
    expect(files.length).toBeGreaterThan(50);
    const found = files.flatMap((file) => {
      const content = readFileSync(join(root, file));
      if (content.includes(0)) return [];
      return privateText(content.toString("utf8")).map((what) => `${file}: ${what}`);
    });
    expect(found).toEqual([]);
  });
});

/** A small workspace that keeps every rule. */
function sound(): Record<"contract" | "metrics" | "store" | "gru" | "tensor-fn" | "gru-layout", PackageSource> {
  const make = (
    folder: string,
    sources: Record<string, string>,
    dependencies: Record<string, string> = {},
  ): PackageSource => ({
    folder,
    hasReadme: true,
    changelog: `# @kshot/${folder}\n\n## 0.1.0\n`,
    sources,
    manifest: {
      name: `@kshot/${folder}`,
      version: "0.1.0",
      description: "what it is",
      license: "MIT",
      exports: { ".": "./dist/index.js" },
      types: "./dist/index.d.ts",
      files: ["dist"],
      keywords: ["gru"],
      dependencies,
    },
  });
  const contract = { "@kshot/contract": "workspace:*" };
  return {
    contract: make("contract", { "src/schemas/a.ts": 'import * as z from "zod";' }, { zod: "4" }),
    metrics: make(
      "metrics",
      {
        "src/a.ts": 'import { dataError } from "@kshot/contract";\nimport { readFileSync } from "node:fs";\n',
        "src/a.test.ts": 'import { test } from "vitest";\nimport { writeFileSync } from "node:fs";',
      },
      contract,
    ),
    store: make("store", { "src/a.ts": 'import { rename, writeFile } from "node:fs/promises";' }, contract),
    "gru-layout": make("gru-layout", { "src/a.ts": 'export * from "@kshot/contract/schemas";' }, contract),
    "tensor-fn": make(
      "tensor-fn",
      { "src/a.ts": 'const tf = await import("@tensorflow/tfjs-core");' },
      { "@tensorflow/tfjs-core": "4", ...contract },
    ),
    gru: make(
      "gru",
      { "src/a.ts": 'import { tidy } from "@kshot/tensor-fn";' },
      { "@kshot/tensor-fn": "workspace:*", "@kshot/gru-layout": "workspace:*", ...contract },
    ),
  };
}

type Sound = ReturnType<typeof sound>;

function plant(at: keyof Sound, change: (one: PackageSource) => Partial<PackageSource>): string[] {
  const packages = sound();
  packages[at] = { ...packages[at], ...change(packages[at]) };
  return violations(Object.values(packages), strictMap);
}

/** The map without its allowances for circles: the small workspace has none. */
const strictMap = Object.fromEntries(Object.entries(importMap).map(([folder, { circles, ...rule }]) => [folder, rule]));

const source = (file: string, text: string) => (one: PackageSource) => ({ sources: { ...one.sources, [file]: text } });
const without = (key: string) => (one: PackageSource) => ({ manifest: { ...one.manifest, [key]: undefined } });

describe("the checker", () => {
  test("finds nothing where nothing is wrong", () => expect(violations(Object.values(sound()), strictMap)).toEqual([]));

  test.each<[string, keyof Sound, (one: PackageSource) => Partial<PackageSource>, string]>([
    [
      "forbidden import",
      "metrics",
      source("src/b.ts", 'import { x } from "@kshot/store";'),
      "the map forbids @kshot/store",
    ],
    ["forbidden type import", "metrics", source("src/b.ts", 'import type { X } from "@kshot/gru";'), "the map forbids"],
    ["forbidden re-export", "metrics", source("src/b.ts", 'export {\n  x,\n} from "@kshot/store";'), "the map forbids"],
    ["forbidden bare import", "metrics", source("src/b.ts", 'import "@kshot/store";'), "the map forbids"],
    ["forbidden dynamic import", "metrics", source("src/b.ts", 'await import("@kshot/store")'), "the map forbids"],
    ["forbidden subpath", "contract", source("src/b.ts", 'import "@kshot/store/files";'), "the map forbids"],
    ["computed import", "metrics", source("src/b.ts", "await import(name)"), "computes"],
    [
      "undeclared external",
      "metrics",
      source("src/b.ts", 'import { x } from "pure-rand/a";'),
      "pure-rand is not among",
    ],
    ["path into a sibling", "metrics", source("src/b.ts", 'import { x } from "../../store/src/a.js";'), "leaves"],
    ["path into the tests", "metrics", source("src/b.ts", 'import { x } from "../test/a.js";'), "leaves"],
    ["zod outside schemas", "contract", source("src/b.ts", 'import { z } from "zod";'), "zod belongs in src/schemas"],
    [
      "TensorFlow.js elsewhere",
      "gru",
      (one) => ({
        ...source("src/b.ts", 'import * as tf from "@tensorflow/tfjs-core";')(one),
        manifest: { ...one.manifest, dependencies: { ...one.manifest.dependencies, "@tensorflow/tfjs-core": "4" } },
      }),
      "belongs in tensor-fn",
    ],
    [
      "a write",
      "metrics",
      source("src/b.ts", 'import { writeFileSync as w } from "node:fs";'),
      "may write (writeFileSync)",
    ],
    ["a write by promise", "metrics", source("src/b.ts", 'import { mkdir } from "fs/promises";'), "may write (mkdir)"],
    ["a whole fs", "metrics", source("src/b.ts", 'import * as fs from "node:fs";'), "may write (*)"],
    ["a default fs", "metrics", source("src/b.ts", 'import fs from "node:fs";'), "may write (*)"],
    ["no README", "metrics", () => ({ hasReadme: false }), "no README.md"],
    ["no CHANGELOG", "metrics", () => ({ changelog: undefined }), "no CHANGELOG.md"],
    ["a CHANGELOG of another version", "metrics", () => ({ changelog: "# metrics\n\n## 0.1.01\n" }), "no CHANGELOG.md"],
    ["no keywords", "metrics", without("keywords"), "no keywords"],
    ["no sources", "metrics", () => ({ sources: {} }), "no source file"],
    ["no exports", "metrics", without("exports"), "no exports"],
    ["no types", "metrics", without("types"), "no types"],
    ["no license", "metrics", without("license"), "no license"],
    ["no description", "metrics", without("description"), "no description"],
    ["no files", "metrics", without("files"), "no files"],
    ["another name", "metrics", (one) => ({ manifest: { ...one.manifest, name: "metrics" } }), "has the name metrics"],
    ["not in the map", "metrics", () => ({ folder: "extra" }), "extra: not in the map"],
    [
      "forbidden dependency",
      "metrics",
      (one) => ({ manifest: { ...one.manifest, dependencies: { "@kshot/contract": "*", "@kshot/gru": "*" } } }),
      "depends on @kshot/gru",
    ],
    [
      "files that import each other",
      "metrics",
      (one) => ({
        sources: {
          ...one.sources,
          "src/x/b.ts": 'import { c } from "../c.js";',
          "src/c.ts": 'export { b } from "./x/b.js";',
        },
      }),
      "metrics: files import each other: src/x/b.ts → src/c.ts → src/x/b.ts",
    ],
    [
      "types that import each other",
      "metrics",
      (one) => ({
        sources: {
          ...one.sources,
          "src/b.ts": 'const run = async () => (await import("./c.js")).c;',
          "src/c.ts": 'import type { B } from "./b.js";',
        },
      }),
      "metrics: files import each other: src/b.ts → src/c.ts → src/b.ts",
    ],
    [
      "a circle",
      "gru-layout",
      (one) => ({ manifest: { ...one.manifest, devDependencies: { "@kshot/gru": "*" } } }),
      "circular dependency",
    ],
  ])("fails on %s", (_, at, change, expected) => {
    expect(plant(at, change)).toEqual(expect.arrayContaining([expect.stringContaining(expected)]));
  });

  test("fails on an allowance for circles that nothing needs", () => {
    const map = { ...strictMap, metrics: { imports: ["contract"], circles: "why" } };
    expect(violations(Object.values(sound()), map)).toEqual([
      "metrics: the map allows circles of files, and there are none",
    ]);
  });

  test("reads imports, and not what looks like one", () => {
    const text = `
      // import { a } from "comment";
      /** import { b } from "example"; */
      const s = 'import { c } from "string"'; const r = /["'\`/*]/; // import "after-regex"
      import d, { type e as f, g } from "one"; import * as h from "two";
      export * from "three"; import "four";
      type T = typeof import("five");
      const k = import.meta.url;
    `;
    expect(importsOf(text)).toEqual([
      { from: "one", names: ["*", "e", "g"] },
      { from: "two", names: ["*"] },
      { from: "three", names: ["*"] },
      { from: "four", names: [] },
      { from: "five", names: [] },
    ]);
    expect(blankComments('a /* b\n */ "// c" // d').replace(/ +/g, " ")).toBe('a \n "// c" ');
  });

  test.each([
    ["/home", "/someone/code"],
    ["/ro", "ot/.npmrc"],
    ["see (/wor", "k/main)"],
    ["C:\\", "Users\\someone"],
    ["https://regis", "try.npmjs.org/zod"],
    ["http://10.", "0.0.7:4873/zod"],
  ])("private text: %s%s", (start, end) =>
    expect(privateText(`fine\n${start}${end}`)).toEqual([expect.stringContaining("line 2")]),
  );

  test.each([
    "packages/work/x",
    "the root/of",
    "framework/home/page",
    "the npm registry",
    "./home/x",
    "registry.runs.find(x)",
  ])("not private: %s", (text) => expect(privateText(text)).toEqual([]));
});
