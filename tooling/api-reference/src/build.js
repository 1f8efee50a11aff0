#!/usr/bin/env node
/**
 *   node src/build.js            writes the API reference to docs/api
 *   node src/build.js --check    converts without writing
 *
 * Exit code 1 on any warning, which is printed.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { convertPackage, publishedPackages, writePages } from "./reference.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const models = [];
let failed = false;
for (const folder of publishedPackages(root)) {
  const { json, warnings } = await convertPackage(join(root, "packages", folder));
  for (const warning of warnings) console.error(`${folder}: ${warning}`);
  if (json === undefined || warnings.length > 0) failed = true;
  if (json !== undefined) models.push(json);
}
if (!process.argv.includes("--check")) {
  const out = join(root, "docs", "api");
  const warnings = await writePages(models, out, join(root, "README.md"));
  for (const warning of warnings) console.error(warning);
  if (warnings.length > 0) failed = true;
  console.log("The API reference is in docs/api; open docs/api/index.html.");
}
process.exitCode = failed ? 1 : 0;
