/**
 * Bundles the command line into dist/: Node needs about half a millisecond of processor time for each file, and one recommendation
 * would load more than a hundred. Packages with files, native add-ons or shared state stay imports.
 */
import { copyFile, readFile, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const at = (name) => fileURLToPath(new URL(name, import.meta.url));

/** What becomes part of the bundle. Its modules have no state that the same modules in `node_modules` would have to share. */
const bundled =
  /^(@stricli\/core|fastest-levenshtein|pure-rand\/.+|@kshot\/(contract(\/(errors|printable|random))?|recommend|baselines|gru-simd|gru-layout|meta-sgd\/adapt|store\/safetensors))$/;

/** Modules in one file, so that a command loads few: the start and the program's help; what runs a command; flags of
 * all commands; one person's list. */
const groups = [
  [
    "start",
    /src\/((start|cannot-start|command-line|command-table|program-help|streams|multiply-add|terminal\/(help|wrap))\.ts)|contract\/dist\/(errors|printable|cause)\.js/,
  ],
  ["application", /src\/(application|flags\/(argument-errors|as-typed))\.ts|stricli/],
  [
    "flags",
    /src\/(commands\/command|flags\/(flag|parsers|engine|ranking)|paths|terminal\/print)\.ts|contract\/dist\/|levenshtein/,
  ],
  [
    "recommend",
    /src\/(run\/(recommend|opened-recommender|item-list|history-file|model)|commands\/recommend|flags\/recommend)\.ts|(recommend\/dist\/(?!counts|stack)|gru-simd|gru-layout|meta-sgd|store)\//,
  ],
];

/** The module that starts the engine's threads. Their script is in the folder of the bundle. */
const starter = /gru-simd\/dist\/pool\/threads\.js$/;

await rm(at("dist"), { recursive: true, force: true });
const bundle = await rolldown({
  cwd: at("."),
  input: { main: "src/main.ts", "command-line": "src/command-line.ts", "multiply-add": "src/multiply-add.ts" },
  platform: "node",
  external: (id) => /^[@\w]/.test(id) && !bundled.test(id),
  resolve: { extensionAlias: { ".js": [".ts", ".js"] } },
  treeshake: { moduleSideEffects: "no-external" },
  plugins: [
    {
      name: "worker",
      transform: {
        filter: { id: starter },
        handler: (code) => code.replaceAll('"../worker.js"', '"./worker.js"'),
      },
    },
  ],
  onLog: (level, log) => {
    if (level === "warn") throw new Error(log.message);
  },
});
const { output } = await bundle.write({
  dir: "dist",
  chunkFileNames: "[name]-[hash].js",
  minifyInternalExports: false,
  codeSplitting: {
    groups: groups.map(([name, test], i) => ({ name, test, priority: groups.length - i })),
  },
});
await bundle.close();

// An import that is not a dependency of the command line would only be found missing when its command runs.
const { dependencies } = JSON.parse(await readFile(at("package.json"), "utf8"));
const imported = output.flatMap(({ imports = [], dynamicImports = [] }) => [...imports, ...dynamicImports]);
const outside = imported.filter((id) => /^[@\w]/.test(id) && !/^node:|-[\w-]{8}\.js$/.test(id));
for (const id of outside.filter((name) => !Object.keys(dependencies).some((own) => `${name}/`.startsWith(`${own}/`)))) {
  throw new Error(
    `The bundle imports ${id}, which is not a dependency of the command line: bundle it, or add it to package.json`,
  );
}

const threads = output.flatMap(({ moduleIds = [] }) => moduleIds).find((id) => starter.test(id));
await copyFile(resolve(threads, "../../worker.js"), at("dist/worker.js"));
