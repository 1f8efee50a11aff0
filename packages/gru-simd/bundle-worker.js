/** Makes dist/worker.js one file without imports: a worker has no import map, and a server does not know the paths of packages. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const worker = fileURLToPath(new URL("./dist/worker.js", import.meta.url));
await build({
  entryPoints: [worker],
  outfile: worker,
  allowOverwrite: true,
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  logLevel: "error",
});
