import { join } from "node:path";
import { type Config, configSchema } from "@kshot/contract/schemas";
import { countTestOpening, createRun, openProject, registerRun, writeJsonFile } from "@kshot/store";
import type { RunCircumstances } from "../circumstances.js";
import { warmStartOf } from "../config/index.js";
import { dataFiles, relativePath, runFiles } from "./run-files.js";
import { startedWith } from "./started-with.js";

/** Identity of a run, as results and reports name it. */
export interface RunIdentity {
  readonly runId: string;
  readonly runTag: string;
  readonly createdAt: string;
}

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
export async function startRun(
  options: Pick<OpenRun, "project" | "name" | "config" | "dataDir"> & {
    readonly warmStartFile?: string;
    readonly circumstances: RunCircumstances;
  },
): Promise<OpenRun> {
  const { project, name, config, dataDir, warmStartFile, circumstances } = options;
  await openProject(project);
  const run = await createRun(project, { name, now: circumstances.now(), runId: circumstances.newId() });
  const files = dataFiles(relativePath(run.directory, dataDir), config);
  let { metasgd_config } = config;
  if (warmStartFile !== undefined) {
    files.warm_start = relativePath(run.directory, warmStartFile);
    // As all paths in files: relative to the file.
    if (warmStartOf(config).kind === "file") metasgd_config = { ...metasgd_config, warm_start: files.warm_start };
  }
  const written = {
    ...config,
    metasgd_config,
    notebook: name,
    run_tag: run.runTag,
    run_id: run.runId,
    files,
  };
  await writeJsonFile(join(run.directory, runFiles.config), configSchema, written);
  await registerRun(project, {
    run_id: run.runId,
    notebook: name,
    run_tag: run.runTag,
    out_dir: run.outDir,
    created_at: run.createdAt,
    started_with: startedWith(configSchema.parse(written)),
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
