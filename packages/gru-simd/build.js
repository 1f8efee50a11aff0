/** Compiles assembly/ twice, plain and relaxed SIMD, and writes each as a module that holds its bytes in base64. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("./", import.meta.url));
const builds = { simd: ["simd"], "relaxed-simd": ["simd", "relaxed-simd"] };

await mkdir(`${root}dist/wasm`, { recursive: true });
for (const [name, features] of Object.entries(builds)) {
  const { error, stderr } = await asc.main(
    [
      "assembly/index.ts",
      ...["--outFile", `dist/wasm/${name}.wasm`],
      ...features.flatMap((feature) => ["--enable", feature]),
      ...[
        "--runtime",
        "stub",
        "--use",
        "abort=",
        "--optimizeLevel",
        "3",
        "--shrinkLevel",
        "0",
        "--converge",
        "--noAssert",
      ],
    ],
    { stdout: process.stdout, baseDir: root, readFile: undefined },
  );
  if (error) {
    console.error(stderr.toString());
    process.exit(1);
  }
  const bytes = await readFile(`${root}dist/wasm/${name}.wasm`);
  await writeFile(`${root}dist/wasm/${name}.js`, `export const base64 = "${bytes.toString("base64")}";\n`);
}
