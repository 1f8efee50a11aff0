import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromiumPath, openChromium } from "@kshot/chromium";
import { build as esbuild } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installAlone, packAll } from "../packages/tarballs.js";
import { bundlers } from "./bundle.js";
import { servePages } from "./page-server.js";

const here = fileURLToPath(new URL("../../bundlers/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "kshot-bundlers-"));
const project = join(folder, "project");
const site = join(folder, "site");
const names = ["contract", "gru-layout", "gru-simd", "meta-sgd", "store", "baselines", "recommend"].map(
  (name) => `@kshot/${name}`,
);
const model = join(project, "node_modules/@kshot/recommend/example/campus.safetensors");
const worker = join(project, "node_modules/@kshot/gru-simd/dist/worker.js");

/** The first block of JSON in the README of `@kshot/recommend`: the import map of a page without a bundler. */
const readme = readFileSync(new URL("../../../packages/recommend/README.md", import.meta.url), "utf8");
const [, importMap = ""] = /```json\n([\s\S]*?)```/.exec(readme) ?? [];
const ways = bundlers(importMap.replaceAll('"/node_modules/', '"../node_modules/'));

interface RankedItem {
  readonly item: string;
  readonly score: number;
  readonly probability: number;
}
interface Told {
  readonly people: readonly { readonly items: readonly RankedItem[] }[];
  readonly warnings: readonly string[];
  readonly milliseconds: number;
}
let browser: Browser | undefined;
let server: Awaited<ReturnType<typeof servePages>>;
let expected: Told;
let offline = false;

function bytesBelow(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/**
 * Scores are the same, bit for bit. Probabilities are not: `Math.exp` may differ in its last digit between two engines of
 * JavaScript.
 */
function rounded(people: Told["people"]) {
  return people.map(({ items }) => items.map((item) => ({ ...item, probability: item.probability.toFixed(12) })));
}

/** Runs a program in the project. */
function inNode(program: string, ...args: readonly string[]): Told {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, model, ...args], {
    cwd: project,
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

beforeAll(async () => {
  const tarballs = packAll(
    names.map((name) => ({ name })),
    join(folder, "tarballs"),
  );
  mkdirSync(project);
  const installed = installAlone(project, ["@kshot/recommend"], tarballs);
  offline = !installed.ok && installed.offline;
  if (offline) console.error("SKIPPED: no bundler is tested, because the npm registry cannot be reached.");
  if (offline) return;
  expect(installed.ok, installed.output).toBe(true);
  for (const file of ["page.js", "node.js"]) copyFileSync(join(here, file), join(project, file));
  expected = inNode("node.js");
  const megabytes = bytesBelow(join(project, "node_modules")) / 1e6;
  console.log(`installed: ${megabytes.toFixed(1)} MB`);
  expect(megabytes).toBeLessThan(10);
  if (chromiumPath === undefined) return;
  for (const way of ways) await way.build(project, join(site, way.name.replace(" ", "-")));
  cpSync(join(project, "node_modules"), join(site, "node_modules"), { recursive: true });
  copyFileSync(model, join(site, "campus.safetensors"));
  copyFileSync(worker, join(site, "kshot-worker.js"));
  server = await servePages(site);
  browser = await openChromium();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a page, and returns its answer and the number of its workers. */
async function inPage(path: string): Promise<Told & { readonly workers: number; readonly errors: readonly string[] }> {
  const page = await (browser as Browser).newPage();
  const errors: string[] = [];
  let workers = 0;
  page.on("worker", () => workers++);
  page.on("pageerror", ({ message }) => errors.push(message));
  try {
    await page.goto(`${server.url}${path}`);
    const told = await page.evaluate(() => (globalThis as unknown as { answer: Promise<Told> }).answer);
    return { ...(told ?? { people: [], warnings: [], milliseconds: 0 }), workers, errors };
  } finally {
    await page.close();
  }
}

describe.skipIf(chromiumPath === undefined)("in a page", () => {
  for (const { name, buildsWorker } of ways) {
    const path = name.replace(" ", "-");
    const cases = [
      { mode: "isolated", query: "", workers: buildsWorker },
      ...(buildsWorker ? [] : [{ mode: "isolated", query: "?worker", workers: true }]),
      { mode: "plain", query: "", workers: undefined },
    ];
    test.each(cases)(`${name}, $mode $query: workers $workers`, async ({ mode, query, workers }) => {
      if (offline) return;
      const told = await inPage(`/${mode}/${path}/${query}`);
      console.log(`${name}, ${mode} ${query}: first answer after ${told.milliseconds.toFixed(0)} ms`);
      expect(told.errors).toEqual([]);
      expect(rounded(told.people)).toEqual(rounded(expected.people));
      // Without isolation a page has no threads: nothing to warn of.
      expect(told.warnings).toEqual(workers === false ? ["WORKERS_NOT_LOADED"] : []);
      if (workers !== false) expect(told.workers).toBe(workers ? 2 : 0);
    });
  }

  test("a content policy without wasm-unsafe-eval is named, with what to add", async () => {
    if (offline) return;
    await expect(inPage("/strict/esbuild/")).rejects.toThrow(/Add 'wasm-unsafe-eval' to the policy's script-src/);
  });
});

describe("in Node, bundled by esbuild", () => {
  beforeAll(async () => {
    if (offline) return;
    await esbuild({
      ...{ entryPoints: [join(project, "node.js")], outfile: join(project, "bundle/node.mjs") },
      ...{ bundle: true, minify: true, format: "esm", platform: "node", logLevel: "error" },
    });
  });
  test("one thread and a warning; with the worker's script named, none", () => {
    if (offline) return;
    const { people } = expected;
    expect(inNode("bundle/node.mjs")).toMatchObject({ people, warnings: ["WORKERS_NOT_LOADED"] });
    expect(inNode("bundle/node.mjs", worker)).toMatchObject({ people, warnings: [] });
  });
});

test("unbundled in Node there is no warning", () => {
  if (!offline) expect(expected.warnings).toEqual([]);
});
