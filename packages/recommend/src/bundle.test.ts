import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, it } from "vitest";

it("a page's bundle has no Node module, no TensorFlow.js, no zod; a network takes under 60 KB gzipped, counting 15 KB more", async () => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: 'import { openRecommender } from "@kshot/recommend"; globalThis.open = openRecommender;',
      resolveDir: fileURLToPath(new URL("..", import.meta.url)),
    },
    alias: { "@kshot/recommend": fileURLToPath(new URL("./index.ts", import.meta.url)) },
    bundle: true,
    splitting: true,
    outdir: "page",
    minify: true,
    platform: "browser",
    format: "esm",
    write: false,
    metafile: true,
  });
  // esbuild fails on an import of a Node module for a browser; the error names the module.
  const packages = Object.keys(metafile.inputs).filter((file) => /tensorflow|zod|duckdb|arrow|parquet/.test(file));
  expect(packages).toEqual([]);
  // The modules that the entry imports at once, and those that it loads when a counting model is opened.
  const atOnce = new Set<string>();
  const visit = (path: string) => {
    if (atOnce.has(path)) return;
    atOnce.add(path);
    for (const { path: other, kind } of metafile.outputs[path]!.imports) if (kind === "import-statement") visit(other);
  };
  visit(Object.keys(metafile.outputs).find((path) => metafile.outputs[path]!.entryPoint !== undefined)!);
  const size = (chunk: boolean) =>
    Object.keys(metafile.outputs)
      .filter((path) => atOnce.has(path) === chunk)
      .reduce((sum, path) => sum + gzipSync(outputFiles.find((file) => file.path.endsWith(path))!.contents).length, 0);
  const [network, counting] = [size(true), size(false)];
  console.log(`bundle: ${network} bytes gzipped, counting methods ${counting}`);
  expect(network).toBeLessThan(60_000);
  expect(counting).toBeGreaterThan(1000);
  expect(counting).toBeLessThan(15_000);
});
