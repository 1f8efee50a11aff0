import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build as esbuild } from "esbuild";
import { rollup } from "rollup";
import { build as vite } from "vite";
import webpack from "webpack";

/** A way to build a page of a project: builds `project/page.js` into `out/`, with `out/index.html`, without configuration. */
export interface Bundler {
  readonly name: string;
  /** Whether the bundler builds the worker. If not, the page names the worker's script. */
  readonly buildsWorker: boolean;
  build(project: string, out: string): Promise<void>;
}

function page(script: string): string {
  return `<!doctype html><meta charset="utf-8"><title>kshot</title><script type="module" src="${script}"></script>\n`;
}

async function byVite(project: string, out: string): Promise<void> {
  writeFileSync(join(project, "index.html"), page("./page.js"));
  await vite({
    configFile: false,
    logLevel: "error",
    root: project,
    base: "./",
    build: { outDir: out, emptyOutDir: false },
  });
}

async function byWebpack(project: string, out: string): Promise<void> {
  const stats = await new Promise<webpack.Stats>((resolve, reject) =>
    webpack(
      {
        mode: "production",
        context: project,
        entry: "./page.js",
        output: { path: out },
        performance: { hints: false },
      },
      (error, result) => (result ? resolve(result) : reject(error)),
    ),
  );
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString("errors-warnings"));
  writeFileSync(join(out, "index.html"), page("./main.js"));
}

async function byEsbuild(project: string, out: string): Promise<void> {
  const { warnings } = await esbuild({
    ...{ entryPoints: [join(project, "page.js")], outfile: join(out, "page.js"), absWorkingDir: project },
    ...{ bundle: true, minify: true, format: "esm", platform: "browser", logLevel: "silent" },
  });
  if (warnings.length > 0) throw new Error(JSON.stringify(warnings));
  writeFileSync(join(out, "index.html"), page("./page.js"));
}

async function byRollup(project: string, out: string): Promise<void> {
  const bundle = await rollup({
    input: join(project, "page.js"),
    plugins: [nodeResolve({ browser: true })],
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  await bundle.write({ dir: out, entryFileNames: "page.js", format: "es" });
  await bundle.close();
  writeFileSync(join(out, "index.html"), page("./page.js"));
}

/** The import map of a page without a bundler, from the README of `@kshot/recommend`. */
async function byImportMap(project: string, out: string, importMap: string): Promise<void> {
  copyFileSync(join(project, "page.js"), join(out, "page.js"));
  const map = `<script type="importmap">${importMap}</script>`;
  writeFileSync(join(out, "index.html"), page("./page.js").replace("<script", `${map}<script`));
}

/**
 * The bundlers, each used as in its documentation's first example. @param importMap JSON of the import map for a page without a
 * bundler
 */
export function bundlers(importMap: string): readonly Bundler[] {
  const made = (name: string, buildsWorker: boolean, build: Bundler["build"]): Bundler => ({
    ...{ name, buildsWorker },
    build: async (project, out) => {
      mkdirSync(out, { recursive: true });
      await build(project, out);
    },
  });
  return [
    made("Vite", true, byVite),
    made("webpack", true, byWebpack),
    made("esbuild", false, byEsbuild),
    made("Rollup", false, byRollup),
    made("import map", true, (project, out) => byImportMap(project, out, importMap)),
  ];
}
