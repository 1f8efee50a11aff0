import { existsSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { usageError } from "@kshot/contract";
import { configSchema } from "@kshot/contract/schemas";
import {
  cleanProject,
  countTestOpening,
  folderHolder,
  listRuns,
  type RunEntry,
  readJsonFile,
  runDirectory,
} from "@kshot/store";
import type { ResumeOptions } from "./options.js";
import { folderOfVocabulary, runFiles } from "./run-files.js";
import type { OpenRun } from "./start-run.js";
import { requireAsStarted } from "./started-with.js";

/**
 * A stopped run, from its `config.json`: the one with the given id, tag, `<name>/<tag>` or folder; otherwise the newest that is
 * not finished and that no other process works in; if all are finished, the newest. Removes what killed processes left in the
 * project.
 *
 * @throws `USAGE` if the project has no such run, `DATA` for a missing or invalid `config.json`.
 */
export async function reopenRun({ project, run: which, typedIn = project, progress }: ResumeOptions): Promise<OpenRun> {
  const listed = await listRuns(project);
  await cleanProject(project, listed);
  const runs = listed.filter((run) => which !== undefined || hasBegun(project, run));
  const entry =
    which === undefined
      ? await newestUnfinished(project, runs)
      : runs.findLast((run) => isNamed(run, which, project, typedIn));
  if (entry === undefined) {
    throw usageError({
      where: which === undefined ? "--resume" : `--resume ${which}`,
      found: runs.length === 0 ? `no run in ${project}` : `no such run in ${project}`,
      expected:
        runs.length === 0
          ? "a project folder with a run (--out)"
          : `one of its ${runs.length} runs, as ${runs.slice(-3).map(shortName).join(", ")}`,
      ...(runs.length === 0 ? { todo: "If it was stopped before it began, start it again without --resume" } : {}),
    });
  }
  if (which === undefined && entry !== runs.at(-1)) {
    progress({ type: "note", text: `Continuing ${shortName(entry)}, the newest run that is not finished.` });
  }
  const directory = runDirectory(project, entry);
  const file = join(directory, runFiles.config);
  const config = await readJsonFile(file, configSchema);
  await requireAsStarted(directory, config, entry);
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

async function newestUnfinished(project: string, runs: readonly RunEntry[]): Promise<RunEntry | undefined> {
  let held: RunEntry | undefined;
  for (const entry of runs.toReversed()) {
    const directory = runDirectory(project, entry);
    if (existsSync(join(directory, runFiles.manifest))) continue;
    if ((await folderHolder(directory, "run")) === undefined) return entry;
    held ??= entry;
  }
  return held ?? runs.at(-1);
}

/** Whether a run has its settings. A run whose folder was removed has none; nor has one that a killed plan of a suite reserved. */
function hasBegun(project: string, run: RunEntry): boolean {
  return existsSync(join(runDirectory(project, run), runFiles.config));
}

/** The name of a run on the command line: `<name>/<tag>`. */
export function shortName({ notebook, run_tag }: Pick<RunEntry, "notebook" | "run_tag">): string {
  return `${notebook}/${run_tag}`;
}

function isNamed(run: RunEntry, which: string, project: string, typedIn: string): boolean {
  if ([run.run_id, run.run_tag, shortName(run), run.out_dir].includes(which.replace(/\/+$/, ""))) return true;
  const folder = isAbsolute(which) ? which : resolve(typedIn, which);
  return existsSync(folder) && resolve(folder) === runDirectory(project, run);
}
