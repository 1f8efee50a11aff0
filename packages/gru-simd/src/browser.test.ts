import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromiumPath, openChromium } from "@kshot/chromium";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FixedResult } from "../test/fixed-work.js";

const folder = mkdtempSync(join(tmpdir(), "kshot-browser-"));
const root = fileURLToPath(new URL("../", import.meta.url));
let fixedWork: (workers: number) => Promise<FixedResult>;
let expected: FixedResult;
let server: Server;
let address: string;

beforeAll(async () => {
  // The library bundled into one module, and the worker's script in the same folder.
  const common = { bundle: true, format: "esm", platform: "browser", target: "es2022", logLevel: "error" } as const;
  const built = `${root}dist/index.js`;
  await build({
    ...common,
    entryPoints: [`${root}test/fixed-work.ts`],
    outfile: join(folder, "pool", "work.js"),
    alias: {},
    plugins: [
      { name: "built", setup: (it) => void it.onResolve({ filter: /src\/index\.js$/ }, () => ({ path: built })) },
    ],
  });
  copyFileSync(`${root}dist/worker.js`, join(folder, "worker.js"));
  ({ fixedWork } = await import(pathToFileURL(join(folder, "pool", "work.js")).href));
  expected = await fixedWork(1);
  const page =
    '<!doctype html><meta charset="utf-8"><script type="module">import { fixedWork } from "./pool/work.js"; globalThis.fixedWork = fixedWork;</script>';
  writeFileSync(join(folder, "index.html"), page);
  const inline = readFileSync(join(folder, "pool", "work.js"), "utf8").replace(
    /export\s*\{[^}]*\};?\s*$/,
    "globalThis.fixedWork = fixedWork;",
  );
  writeFileSync(
    join(folder, "disk.html"),
    `<!doctype html><meta charset="utf-8"><script type="module">${inline.replaceAll("</script", "<\\/script")}</script>`,
  );
  server = createServer((request, response) => {
    const isolated = !request.url!.includes("plain");
    try {
      // Under /moved/ there is the module, but not the worker's script.
      const path = new URL(request.url!, "http://localhost").pathname.replace(/^\/moved(?!\/worker)/, "");
      const body = readFileSync(join(folder, path === "/" ? "index.html" : path));
      response.writeHead(200, {
        "content-type": path.endsWith(".js") ? "text/javascript" : "text/html",
        ...(isolated
          ? { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" }
          : {}),
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const port = (server.address() as { port: number }).port;
  address = `http://localhost:${port}/`;
}, 60_000);
afterAll(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(chromiumPath === undefined)("in Chromium, by the plain build", () => {
  const cases = [
    { name: "a page isolated across origins, three workers", url: () => address, asked: 3, workers: 3 },
    { name: "a page that is not isolated: in place", url: () => `${address}?plain`, asked: 3, workers: 1 },
    { name: "isolated, the worker's script not found: in place", url: () => `${address}moved/`, asked: 3, workers: 1 },
    {
      name: "a page opened from disk: in place",
      url: () => pathToFileURL(join(folder, "disk.html")).href,
      asked: 3,
      workers: 1,
    },
  ];
  test.each(cases)(
    "the bits are Node's: $name",
    async ({ url, asked, workers }) => {
      const browser = await openChromium();
      try {
        const page = await browser.newPage();
        const errors: string[] = [];
        page.on("pageerror", (error) => errors.push(error.message));
        await page.goto(url());
        await page.waitForFunction(() => "fixedWork" in globalThis);
        const result = await page.evaluate(
          (count) => (globalThis as unknown as { fixedWork(n: number): Promise<FixedResult> }).fixedWork(count),
          asked,
        );
        expect(errors).toEqual([]);
        expect(result).toEqual({ ...expected, workers });
      } finally {
        await browser.close();
      }
    },
    60_000,
  );
});

test("the bits are those of three workers in Node", async () => {
  expect(await fixedWork(3)).toEqual({ ...expected, workers: 3 });
});
