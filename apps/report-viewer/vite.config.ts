import { defineConfig } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";
import { contentPolicy } from "./content-policy.js";

/** One HTML file with everything inside: a page on `file://` cannot fetch files. */
export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [viteSingleFile(), contentPolicy()],
  build: { target: "es2022", outDir: "dist", emptyOutDir: true, modulePreload: false, reportCompressedSize: false },
});
