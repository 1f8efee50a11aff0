import { join } from "node:path";
import { type Config, configSchema } from "@kshot/contract/schemas";
import { countTestOpening, createRun, openProject, registerRun, writeJsonFile } from "@kshot/store";
import type { RunCircumstances } from "../circumstances.js";
import { warmStartOf } from "../config/index.js";
import { dataFiles, relativePath, runFiles } from "./run-files.js";
import { startedWith } from "./started-with.js";

/** Identity of a run, for results and reports. */
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

/**
 * Creates a run's folder, writes `config.json`, and adds the run to the registry, with its evaluation of the test split. A run that
 * is in the registry has its settings, so that it can be continued after any stop.
 */
export async function startRun(
  options: Pick<OpenRun, "project" | "name" | "config" | "dataDir"> & {
    readonly warmStartFile?: string;
    readonly circumstances: RunCircumstances;
  },
): Promise<OpenRun> {
  const { config, dataDir, warmStartFile } = options;
  const settings = { config, dataDir, ...(warmStartFile === undefined ? {} : { warmStartFile }) };
  const { reserved, outDir } = await makeFolder(options);
  const run = { ...reserved, ...settings };
  await writeRunConfig(run);
  await register(reserved, outDir, { opensTest: config.evaluation_split === "test", settings });
  return run;
}

/** A run's folder and identity, before its settings are known. */
export type ReservedRun = Pick<OpenRun, "project" | "directory" | "name" | "identity">;

/**
 * Creates a run's folder and adds the run to the registry; `config.json` is written later.
 *
 * @param options.parent folder for the run's folder, inside the project; if omitted, `reports/<name>`
 * @param options.settings settings at the start, stored in the registry; if omitted, not known yet
 * @param options.opensTest whether the run will evaluate the test people: one evaluation is counted for all its methods
 */
export async function reserveRun(options: {
  readonly project: string;
  readonly name: string;
  readonly parent?: string;
  readonly opensTest: boolean;
  readonly circumstances: RunCircumstances;
  readonly settings?: Pick<OpenRun, "config" | "dataDir" | "warmStartFile">;
}): Promise<ReservedRun> {
  const { reserved, outDir } = await makeFolder(options);
  await register(reserved, outDir, options);
  return reserved;
}

async function makeFolder({
  project,
  name,
  parent,
  circumstances,
}: Pick<Parameters<typeof reserveRun>[0], "project" | "name" | "parent" | "circumstances">): Promise<{
  reserved: ReservedRun;
  outDir: string;
}> {
  await openProject(project);
  const { directory, outDir, runId, runTag, createdAt } = await createRun(project, {
    ...{ name, now: circumstances.now(), runId: circumstances.newId() },
    ...(parent === undefined ? {} : { parent }),
  });
  return { reserved: { project, directory, name, identity: { runId, runTag, createdAt } }, outDir };
}

/** Adds a run to the registry, and counts its evaluation of the test people. */
async function register(
  run: ReservedRun,
  outDir: string,
  { opensTest, settings }: Pick<Parameters<typeof reserveRun>[0], "opensTest" | "settings">,
): Promise<void> {
  const { runId, runTag, createdAt } = run.identity;
  await registerRun(run.project, {
    ...{ run_id: runId, notebook: run.name, run_tag: runTag, out_dir: outDir, created_at: createdAt },
    ...(settings === undefined ? {} : { started_with: startedWith(configOnDisk({ ...run, ...settings })) }),
  });
  if (opensTest) await countTestOpening(run.project, runId);
}

/** A run as described by its `config.json`. */
type NamedRun = Omit<OpenRun, "project" | "identity"> & { readonly identity: Pick<RunIdentity, "runId" | "runTag"> };

/** Writes a run's `config.json`: its settings, and the paths of its data and its start. */
export async function writeRunConfig(run: NamedRun): Promise<void> {
  await writeJsonFile(join(run.directory, runFiles.config), configSchema, configOnDisk(run));
}

function configOnDisk({ directory, dataDir, config, warmStartFile, identity, name }: NamedRun): Config {
  const files = dataFiles(relativePath(directory, dataDir), config);
  let { metasgd_config } = config;
  if (warmStartFile !== undefined) {
    files.warm_start = relativePath(directory, warmStartFile);
    // Relative to the file, as all paths in files.
    if (warmStartOf(config).kind === "file") metasgd_config = { ...metasgd_config, warm_start: files.warm_start };
  }
  const { runId: run_id, runTag: run_tag } = identity;
  return configSchema.parse({ ...config, metasgd_config, notebook: name, run_tag, run_id, files });
}
