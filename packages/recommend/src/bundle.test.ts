import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, it } from "vitest";

it("a page's bundle has no Node module, no TensorFlow.js, no zod, and under 60 KB gzipped", async () => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: 'import { openRecommender } from "@kshot/recommend"; globalThis.open = openRecommender;',
      resolveDir: fileURLToPath(new URL("..", import.meta.url)),
    },
    alias: { "@kshot/recommend": fileURLToPath(new URL("./index.ts", import.meta.url)) },
    bundle: true,
    minify: true,
    platform: "browser",
    format: "esm",
    write: false,
    metafile: true,
  });
  // esbuild fails on an import of a Node module for a browser; what it took in is named here.
  const packages = Object.keys(metafile.inputs).filter((file) => /tensorflow|zod|duckdb|arrow|parquet/.test(file));
  expect(packages).toEqual([]);
  const bytes = gzipSync(outputFiles[0]!.contents).length;
  console.log(`bundle: ${outputFiles[0]!.contents.length} bytes, ${bytes} gzipped`);
  expect(bytes).toBeLessThan(60_000);
});
