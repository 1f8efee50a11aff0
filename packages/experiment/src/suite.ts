import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type AlgorithmName, dataError, KshotError, usageError } from "@kshot/contract";
import { type Config, type Suite, type SuiteState, suiteStateSchema } from "@kshot/contract/schemas";
import { readDataFolder } from "@kshot/episodes";
import { openProject, readJsonFile, withFolderHeld, writeFileAtomic, writeJsonFile } from "@kshot/store";
import { isStage } from "./algorithm-table.js";
import { isCampus } from "./campus-of.js";
import { type Comparison, compareResults, compareTable, readResults } from "./compare/index.js";
import { modelPaths } from "./model-files.js";
import type { Progress, ProgressEvent } from "./progress.js";
import { decidingConfig, resolveConfig, type Settings } from "./settings.js";
import { type RunningOptions, reportFile, resumeTraining, train } from "./train.js";

/** What a suite needs. */
export interface SuiteOptions extends RunningOptions {
  readonly suite: Suite;
  /** Data folder, absolute. */
  readonly dataDir: string;
  readonly project: string;
  /** Folder under `reports/`: the same again goes on where the suite stopped. */
  readonly name: string;
  /** Settings of the command line, over the suite's. */
  readonly flags?: Settings;
}

/** What a suite leaves. */
export interface SuiteOutcome {
  readonly directory: string;
  readonly comparison: Comparison;
  readonly table: string;
  readonly resultFiles: readonly string[];
  /** Path of the page that shows them all; null where none was asked for. */
  readonly reportPage: string | null;
}

/** One run of a suite. */
interface Planned {
  readonly name: string;
  readonly seed: number;
  readonly config: Config;
}

/**
 * Carries out a suite: every run with every seed, one after the other, then one comparison of all results. Asked for again under the
 * same name it goes on: finished runs are kept, one that was stopped is resumed from its checkpoint. On a synthetic campus the
 * ideal observer is added.
 *
 * A run whose `warm_start` is `gru` (or another stage) without training it starts from the network of the same seed of an earlier run.
 *
 * @throws `USAGE` for runs that are equal, a name that belongs to another suite, a warm start that nobody trains; else as `train`.
 */
export async function trainSuite(options: SuiteOptions): Promise<SuiteOutcome> {
  const { dataDir, project, name, progress } = options;
  await openProject(project);
  const suite = await withIdeal(options.suite, dataDir);
  const planned = plan(suite, options.flags ?? {});
  const { K, Q } = planned[0]!.config;
  const { fingerprint } = await readDataFolder(dataDir, { k: K, q: Q });
  const directory = join(project, "reports", name);
  const file = join(directory, "suite.json");
  for (const run of planned) startedFrom(run, planned);
  const state = await openState(file, suite, fingerprint, planned.length);
  const save = () => writeJsonFile(file, suiteStateSchema, state);
  await save();
  return withFolderHeld(directory, "suite", async () => {
    for (const [i, run] of planned.entries()) {
      const label = `[${i + 1}/${planned.length}] ${run.name}, seed ${run.seed}`;
      const entry = state.runs.find((known) => known.name === run.name && known.seed === run.seed);
      if (entry?.done) {
        progress({ type: "note", text: `${label} is finished already.` });
        continue;
      }
      // One page for the suite, none for each of its runs.
      const { progress: _, page: __, ...running } = options;
      const own = { ...running, progress: labelled(progress, label), resumeCommand: () => suiteCommand(options) };
      if (entry && existsSync(join(directory, entry.run_tag, "config.json"))) {
        await resumeTraining({ ...own, project, run: entry.run_id });
        entry.done = true;
      } else {
        const warmStartFile = warmStartOf(run, planned, state, directory);
        const started = { name: run.name, seed: run.seed, run_id: "", run_tag: "", done: false };
        await train({
          ...own,
          config: run.config,
          dataDir,
          project,
          name,
          ...(warmStartFile === undefined ? {} : { warmStartFile }),
          onRun: async ({ runId, runTag }) => {
            Object.assign(started, { run_id: runId, run_tag: runTag });
            state.runs = [...state.runs.filter((known) => known !== entry), started];
            await save();
          },
        });
        started.done = true;
      }
      await save();
    }
    const tags = planned.map((run) => state.runs.find((e) => e.name === run.name && e.seed === run.seed)!.run_tag);
    const results = await readResults(tags.map((tag) => join(directory, tag)));
    const comparison = compareResults(results, { reference: suite.reference });
    const reportPage = options.page ? join(directory, reportFile) : null;
    if (reportPage !== null) await writeFileAtomic(reportPage, options.page!(results.map(({ result }) => result)));
    return {
      directory,
      reportPage,
      comparison,
      table: compareTable(comparison),
      resultFiles: results.map((result) => result.file),
    };
  });
}

function suiteCommand({ resumeCommand, name }: SuiteOptions): string {
  return resumeCommand?.(name) ?? "the same command again";
}

/** The suite's runs, one seed after the other, so that a suite stopped half-way has whole seeds to compare. */
function plan(suite: Suite, flags: Settings): Planned[] {
  const names = suite.runs.map((run) => run.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw usageError({
      where: "suite, runs",
      found: `two of the name "${twice}"`,
      expected: "a name of its own for every run",
    });
  }
  const repeated = suite.seeds.find((seed, i) => suite.seeds.indexOf(seed) !== i);
  if (repeated !== undefined) {
    throw usageError({ where: "suite, seeds", found: `${repeated} twice`, expected: "different seeds" });
  }
  const planned = suite.seeds.flatMap((seed) =>
    suite.runs.map(({ name, algorithms, settings }): Planned => {
      const layers = [suite.settings, settings, { algorithms, seed }, flags] as Settings[];
      try {
        return { name, seed, config: resolveConfig({ preset: "notebook", flags: merged(layers) }) };
      } catch (error) {
        if (!KshotError.isInstance(error)) throw error;
        const where = `suite, run "${name}"${error.parts.where ? `, ${error.parts.where}` : ""}`;
        throw new KshotError(error.code, { ...error.parts, where });
      }
    }),
  );
  for (const a of planned) {
    for (const b of planned) {
      if (a === b || a.seed !== b.seed) continue;
      const shared = a.config.algorithms.filter((algorithm) => b.config.algorithms.includes(algorithm));
      const alike = isDeepStrictEqual(
        { ...decidingConfig(a.config), algorithms: [] },
        { ...decidingConfig(b.config), algorithms: [] },
      );
      if (shared.length === 0 || !alike) continue;
      throw usageError({
        where: `suite, runs "${a.name}" and "${b.name}"`,
        found: `the same settings for ${shared.join(", ")}`,
        expected: "runs that differ",
        todo: "Leave one of the two out",
      });
    }
  }
  return planned;
}

function merged(layers: readonly Settings[]): Settings {
  const whole: Record<string, unknown> = {};
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer)) {
      const under = whole[key];
      const group = typeof value === "object" && value !== null && !Array.isArray(value);
      whole[key] = group ? { ...(under as object | undefined), ...value } : value;
    }
  }
  return whole as Settings;
}

async function openState(file: string, suite: Suite, dataFingerprint: string, total: number): Promise<SuiteState> {
  if (!existsSync(file)) return { format: "kshot.suite-state/1", suite, dataFingerprint, runs: [], total };
  const state = await readJsonFile(file, suiteStateSchema);
  if (state.dataFingerprint !== dataFingerprint) {
    throw dataError({
      where: file,
      found: `a suite on the data ${state.dataFingerprint.slice(0, 12)}…`,
      expected: `${dataFingerprint.slice(0, 12)}…, the fingerprint of --data`,
      todo: "Give another --name, or the data that the suite was started with",
    });
  }
  if (isDeepStrictEqual(state.suite, suite)) return state;
  throw usageError({
    where: file,
    found: "another suite under this name",
    expected: "the suite that was started",
    todo: "Give another --name",
  });
}

/** The network of another run that a run starts from; null where it starts from its own, or from none. */
function startedFrom(
  run: Planned,
  planned: readonly Planned[],
): { readonly run: Planned; readonly algorithm: AlgorithmName } | null {
  const { algorithms, metasgd_config, gru_config } = run.config;
  const source = metasgd_config.warm_start;
  const fineTuned = algorithms.includes("gru-finetuned") && source === null;
  const algorithm = isStage(source) ? source : fineTuned ? "gru" : null;
  if (algorithm === null || algorithms.includes(algorithm)) return null;
  const earlier = planned
    .slice(0, planned.indexOf(run))
    .find(
      ({ seed, config }) =>
        seed === run.seed && config.algorithms.includes(algorithm) && isDeepStrictEqual(config.gru_config, gru_config),
    );
  if (earlier) return { run: earlier, algorithm };
  throw usageError({
    where: `suite, run "${run.name}"`,
    found: `${algorithm} is neither among its algorithms nor trained by an earlier run with the same gru_config`,
    expected: `${algorithm} in the run itself or before it`,
  });
}

function warmStartOf(
  run: Planned,
  planned: readonly Planned[],
  state: SuiteState,
  directory: string,
): string | undefined {
  const source = startedFrom(run, planned);
  if (source === null) return undefined;
  const { name, seed } = source.run;
  const entry = state.runs.find((known) => known.name === name && known.seed === seed)!;
  return join(directory, entry.run_tag, modelPaths({ algorithm: source.algorithm, alpha: null }, run.config.K).theta);
}

/** On a campus the ceiling is known, and belongs into the table: once, with the first run. */
async function withIdeal(suite: Suite, dataDir: string): Promise<Suite> {
  const asked = suite.runs.some(({ algorithms }) => algorithms.includes("ideal"));
  if (asked || !(await isCampus(dataDir))) return suite;
  const [first, ...rest] = suite.runs;
  return { ...suite, runs: [{ ...first!, algorithms: [...first!.algorithms, "ideal"] }, ...rest] };
}

/** Progress of one run of many: every stage says which. */
function labelled(progress: Progress, label: string): Progress {
  return (event: ProgressEvent) => {
    if (event.type === "note") progress({ ...event, text: `${label}: ${event.text}` });
    else progress({ ...event, stage: `${label} · ${event.stage}` });
  };
}
