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
  // esbuild fails on an import of a Node module for a browser; what it took in is named here.
  const packages = Object.keys(metafile.inputs).filter((file) => /tensorflow|zod|duckdb|arrow|parquet/.test(file));
  expect(packages).toEqual([]);
  const size = (lazy: boolean) =>
    Object.entries(metafile.outputs)
      .filter(([, { inputs }]) => Object.keys(inputs).some((file) => file.includes("baselines")) === lazy)
      .reduce(
        (sum, [path]) => sum + gzipSync(outputFiles.find((file) => file.path.endsWith(path))!.contents).length,
        0,
      );
  const [network, counting] = [size(false), size(true)];
  console.log(`bundle: ${network} bytes gzipped, counting methods ${counting}`);
  expect(network).toBeLessThan(60_000);
  expect(counting).toBeGreaterThan(1000);
  expect(counting).toBeLessThan(15_000);
});
