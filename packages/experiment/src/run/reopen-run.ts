import { existsSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { usageError } from "@kshot/contract";
import { configSchema } from "@kshot/contract/schemas";
import { countTestOpening, listRuns, type RunEntry, readJsonFile } from "@kshot/store";
import { folderOfVocabulary, runFiles } from "./run-files.js";
import type { OpenRun } from "./start-run.js";

/**
 * A run that was stopped, as its `config.json` describes it.
 *
 * @param which - its id, its tag, `<name>/<tag>` or its folder; undefined: the newest
 * @param typedIn - folder that a relative `which` starts from
 * @throws `USAGE` where the project has no such run, `DATA` for a `config.json` that is missing or none.
 */
export async function reopenRun(project: string, which?: string, typedIn = project): Promise<OpenRun> {
  const runs = await listRuns(project);
  const entry = which === undefined ? runs.at(-1) : runs.findLast((run) => isNamed(run, which, project, typedIn));
  if (entry === undefined) {
    throw usageError({
      where: which === undefined ? "--resume" : `--resume ${which}`,
      found: runs.length === 0 ? `no run in ${project}` : `no such run in ${project}`,
      expected:
        runs.length === 0
          ? "a project folder with a run (--out)"
          : `one of its ${runs.length} runs, as ${runs.slice(-3).map(shortName).join(", ")}`,
    });
  }
  const directory = resolve(project, entry.out_dir);
  const file = join(directory, runFiles.config);
  const config = await readJsonFile(file, configSchema);
  const { vocab, warm_start } = config.files;
  if (vocab === undefined) {
    throw usageError({
      where: file,
      found: "no files.vocab",
      expected: "the run's data folder, as kshot train writes it",
    });
  }
  if (config.evaluation_split === "test" && entry.test_opened === undefined) {
    await countTestOpening(project, entry.run_id);
  }
  return {
    project,
    directory,
    name: entry.notebook,
    identity: { runId: entry.run_id, runTag: entry.run_tag, createdAt: entry.created_at },
    config,
    dataDir: folderOfVocabulary(resolve(directory, vocab)),
    ...(warm_start === undefined ? {} : { warmStartFile: resolve(directory, warm_start) }),
  };
}

/** What a run is called on the command line: `<name>/<tag>`. */
export function shortName({ notebook, run_tag }: Pick<RunEntry, "notebook" | "run_tag">): string {
  return `${notebook}/${run_tag}`;
}

function isNamed(run: RunEntry, which: string, project: string, typedIn: string): boolean {
  if ([run.run_id, run.run_tag, shortName(run), run.out_dir].includes(which.replace(/\/+$/, ""))) return true;
  const folder = isAbsolute(which) ? which : resolve(typedIn, which);
  return existsSync(folder) && resolve(folder) === resolve(project, run.out_dir);
}
