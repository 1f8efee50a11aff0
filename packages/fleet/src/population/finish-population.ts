import { join } from "node:path";
import { type Plan, type PopulationManifest, populationManifestSchema } from "@kshot/contract/schemas";
import { listColumns } from "@kshot/experiment";
import { fileBegins, type ReplaceRule, writeJsonFile } from "@kshot/store";
import { readDone } from "../plan/cell-files.js";
import { requireKind } from "../plan/require-kind.js";
import { requireAllDone } from "../suite/finish-suite-work.js";
import { upload } from "./s3.js";
import { listsOfShard, manifestName } from "./shard-files.js";

/** A manifest replaces only an earlier one. */
const overManifest: ReplaceRule = { wrote: (file) => fileBegins(file, /^\s*\{\s*"format"\s*:\s*"kshot\.population\//) };

/**
 * Writes `_MANIFEST.json` of a population whose shards are all done: people, rows, bytes and SHA-256 of every file. The lists are
 * complete only if this file exists.
 *
 * @throws `FAILED` while shards are missing, `USAGE` for the plan of a suite.
 */
export async function finishPopulation(directory: string, plan: Plan): Promise<PopulationManifest> {
  const work = requireKind(plan, "population", directory);
  await requireAllDone(directory, plan);
  const shards: PopulationManifest["shards"] = [];
  for (let shard = 0; shard < plan.cells.length; shard++) {
    const { output, figures } = await readDone(directory, shard);
    const { people = 0, rows = 0, bytes = 0 } = figures;
    shards.push({ path: listsOfShard(shard), people, rows, bytes, sha256: output });
  }
  const sum = (key: "people" | "rows") => shards.reduce((total, shard) => total + shard[key], 0);
  const manifest: PopulationManifest = {
    format: "kshot.population/1",
    people: sum("people"),
    rows: sum("rows"),
    columns: listColumns.map(([name]) => name),
    modelSha256: work.modelSha256,
    shards,
  };
  const file = join(directory, manifestName);
  await writeJsonFile(file, populationManifestSchema, manifest, { replace: overManifest });
  if (work.to !== undefined) await upload(work.to, manifestName, file);
  return manifest;
}
