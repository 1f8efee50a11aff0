import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { usageError } from "@kshot/contract";
import { type Config, configSchema } from "@kshot/contract/schemas";
import {
  countTestOpening,
  createRun,
  listRuns,
  openProject,
  type RunEntry,
  readJsonFile,
  registerRun,
  writeJsonFile,
} from "@kshot/store";
import { isOwnStart } from "../algorithm-table.js";
import type { RunCircumstances } from "../circumstances.js";
import type { RunIdentity } from "./results.js";

/** A run that is being carried out. */
export interface OpenRun {
  readonly project: string;
  /** Absolute. */
  readonly directory: string;
  /** Folder under `reports/`. */
  readonly name: string;
  readonly identity: RunIdentity;
  readonly config: Config;
  /** Data folder, absolute. */
  readonly dataDir: string;
  /** A model to start the meta-learners from, absolute. */
  readonly warmStartFile?: string;
}

/** Makes a run's folder, writes `config.json`, and puts the run into the registry, its opening of the test split counted. */
export async function startRun(options: {
  project: string;
  name: string;
  config: Config;
  dataDir: string;
  warmStartFile?: string;
  circumstances: RunCircumstances;
}): Promise<OpenRun> {
  const { project, name, config, dataDir, warmStartFile, circumstances } = options;
  await openProject(project);
  const run = await createRun(project, { name, now: circumstances.now(), runId: circumstances.newId() });
  const files = dataFiles(posix(relative(run.directory, dataDir)), config);
  let { metasgd_config } = config;
  if (warmStartFile !== undefined) {
    files.warm_start = posix(relative(run.directory, warmStartFile));
    const typed = metasgd_config.warm_start;
    // As all paths in files: from where the file lies.
    if (typed !== null && !isOwnStart(typed)) metasgd_config = { ...metasgd_config, warm_start: files.warm_start };
  }
  await writeJsonFile(join(run.directory, "config.json"), configSchema, {
    ...config,
    metasgd_config,
    notebook: name,
    run_tag: run.runTag,
    run_id: run.runId,
    files,
  });
  await registerRun(project, {
    run_id: run.runId,
    notebook: name,
    run_tag: run.runTag,
    out_dir: run.outDir,
    created_at: run.createdAt,
  });
  // One opening for the whole comparison: every method is shown the test people once.
  if (config.evaluation_split === "test") await countTestOpening(project, run.runId);
  return {
    project,
    directory: run.directory,
    name,
    identity: { runId: run.runId, runTag: run.runTag, createdAt: run.createdAt },
    config,
    dataDir,
    ...(warmStartFile === undefined ? {} : { warmStartFile }),
  };
}

/**
 * A run that was stopped, as its `config.json` describes it.
 *
 * @param which its id, its tag, `<name>/<tag>` or its folder; undefined: the newest
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
  const config = await readJsonFile(join(directory, "config.json"), configSchema);
  const at = (path: string) => resolve(directory, path);
  const { vocab, warm_start } = config.files;
  if (vocab === undefined) {
    throw usageError({
      where: join(directory, "config.json"),
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
    dataDir: dirname(dirname(at(vocab))),
    ...(warm_start === undefined ? {} : { warmStartFile: at(warm_start) }),
  };
}

/** What a run is called on the command line: `<name>/<tag>`. */
export function shortName({ notebook, run_tag }: Pick<RunEntry, "notebook" | "run_tag">): string {
  return `${notebook}/${run_tag}`;
}

/** The notebook's input files of a data folder, as a configuration names them. */
export function dataFiles(directory: string, config: Config): Record<string, string> {
  const files: Record<string, string> = {};
  for (const split of ["train", "val", "test"] as const) {
    files[`episodes_${split}`] = `${directory}/episodes/episodes_${split}_K${config.K}_Q${config.Q}.parquet`;
    files[`pairs_${split}`] = `${directory}/pairs/pairs_${split}.parquet`;
  }
  files.vocab = `${directory}/vocab/course2id.json`;
  return files;
}

function isNamed(run: RunEntry, which: string, project: string, typedIn: string): boolean {
  if ([run.run_id, run.run_tag, shortName(run), run.out_dir].includes(which.replace(/\/+$/, ""))) return true;
  const folder = isAbsolute(which) ? which : resolve(typedIn, which);
  return existsSync(folder) && resolve(folder) === resolve(project, run.out_dir);
}

export function posix(path: string): string {
  return path.replaceAll("\\", "/");
}
