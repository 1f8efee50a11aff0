import { existsSync } from "node:fs";
import { join } from "node:path";
import { listRuns } from "@kshot/store";
import { runFiles, shortName } from "../../run/index.js";
import type { Inspection } from "./inspection.js";

/** A project folder: its runs, the oldest first. */
export async function inspectProject(path: string): Promise<Inspection> {
  const runs = await listRuns(path);
  const problems: string[] = [];
  const facts = runs.map((run): [string, string] => {
    const folder = join(path, run.out_dir);
    if (!existsSync(folder)) problems.push(`meta.json lists ${run.out_dir}, which is missing`);
    const state = existsSync(join(folder, runFiles.report)) ? "finished" : "not finished";
    const opened = run.test_opened ?? 0;
    return [shortName(run), `${state}, ${run.created_at}, test evaluated ${opened} time${opened === 1 ? "" : "s"}`];
  });
  return { kind: "project", path, facts: [["Runs", `${runs.length}`], ...facts], problems };
}
