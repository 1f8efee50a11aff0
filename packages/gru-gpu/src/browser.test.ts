import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { relativeError } from "@kshot/engine-laws";
import { createSimdEngine } from "@kshot/gru-simd";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { browserWork, config } from "../test/browser-work.js";
import { chromiumPath, openChromium } from "../test/chromium.js";

type GpuWork = Awaited<ReturnType<typeof browserWork>> & { adapter: string };

test.skipIf(chromiumPath === undefined)(
  "in Chromium, navigator.gpu gives the SIMD engine's meta-gradient",
  async () => {
    const entry = fileURLToPath(new URL("../test/browser-page.ts", import.meta.url));
    const options = { bundle: true, format: "esm", platform: "browser", target: "es2022", write: false } as const;
    const script = (await build({ ...options, entryPoints: [entry], logLevel: "error" })).outputFiles[0]!.text;
    expect(script).not.toMatch(/from "node:/);
    // Only secure contexts such as localhost have navigator.gpu.
    const server = createServer((request, response) => {
      const isScript = request.url === "/work.js";
      response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
      response.end(isScript ? script : '<!doctype html><script type="module" src="/work.js"></script>');
    });
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    const browser = await openChromium();
    const simd = await createSimdEngine({ config, workers: 1 });
    try {
      const page = await browser.newPage();
      await page.goto(`http://localhost:${(server.address() as { port: number }).port}/`);
      await page.waitForFunction(() => "gpuWork" in globalThis);
      const found = await page.evaluate(() => (globalThis as unknown as { gpuWork(): Promise<GpuWork> }).gpuWork());
      const expected = await browserWork(simd);
      expect(found.adapter).toMatch(/swiftshader/i);
      for (const name of ["taskLosses", "dTheta", "dAlpha"] as const) {
        expect(relativeError(found[name], expected[name])).toBeLessThan(2e-5);
      }
    } finally {
      simd.dispose();
      await browser.close();
      server.close();
    }
  },
  120_000,
);
