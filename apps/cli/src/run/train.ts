import { dirname, join, resolve } from "node:path";
import { askedMetric, isRecord, usageError } from "@kshot/contract";
import {
  askedMetricTable,
  defaultAlgorithms,
  exportDraws,
  fewShotLegend,
  findProject,
  isOwnStart,
  methodsOf,
  modelsOfRun,
  openingsSentence,
  recipes,
  requireDrawsFile,
  resolveConfig,
  resumeTraining,
  stackTable,
  type TrainOutcome,
  train,
  typedSettings,
} from "@kshot/experiment";
import { failedCells, finishSuiteWork, folderQueue, planSuiteWork, type RankPlace, work } from "@kshot/fleet";
import { openInBrowser } from "../browser/open-in-browser.js";
import { circumstances } from "../circumstances.js";
import { flagsAsTyped, quoted } from "../flags/as-typed.js";
import type { TrainFlags } from "../flags/train.js";
import { interruptSignal } from "../interrupt.js";
import { shownPath, typedIn, typedPath } from "../paths.js";
import { asCalled, version } from "../program.js";
import { pageOf } from "../report-page.js";
import { print } from "../terminal/print.js";
import { jsonProgress, textProgress } from "../terminal/progress.js";
import { suiteOf } from "./suite-of.js";
import { suiteJson, suiteText } from "./suite-text.js";
import { follow, rankFlags, rankFlagsOf, rankPlace, type Stoppable, withRanks } from "./train-ranks.js";
import { configFile, modelFile, settingsOf, sizeOn } from "./train-settings.js";

/** `kshot train`. */
export async function runTrain(flags: TrainFlags): Promise<void> {
  const project = flags.out === undefined ? findProject(typedIn()) : typedPath(flags.out);
  const interrupt = interruptSignal();
  const running: Stoppable = {
    circumstances: circumstances(),
    progress:
      flags.log === "json" ? jsonProgress(process.stderr) : textProgress(process.stderr, () => performance.now()),
    signal: interrupt.signal,
    page: pageOf,
    ...(flags.open ? { onPage: openInBrowser } : {}),
    resumeCommand: (run) =>
      `${asCalled()} train ${flagsAsTyped({ resume: run, out: flags.out, log: logAsTyped(flags), ...rankFlagsOf(flags) })}`,
  };
  try {
    const place = rankPlace(flags);
    if (place !== undefined && place.rank > 0) return await followTraining(flags, place, running);
    if (flags.suite !== undefined) return await suite(flags, flags.suite, project, running);
    if (flags.exportDraws !== undefined) await requireDrawsFile(typedPath(flags.exportDraws));
    const outcome = await withRanks(place, running, (shared) =>
      flags.resume === undefined ? start(flags, project, shared) : goOn(flags, project, shared),
    );
    if (flags.exportDraws !== undefined) await exportDraws(typedPath(flags.exportDraws), outcome);
    await printOutcome(outcome, flags);
  } finally {
    interrupt.release();
  }
}

/** A rank above 0: the settings that are typed, the others are rank 0's. */
async function followTraining(flags: TrainFlags, place: RankPlace, running: Stoppable): Promise<void> {
  const file = flags.config === undefined ? undefined : configFile(flags.config);
  const typed = typedSettings({ ...layersOf(flags, file), flags: settingsOf(flags, file?.content) });
  const dataDir = dataFolderOf(flags, file);
  await follow(flags, place, running, { typed, ...(dataDir === undefined ? {} : { dataDir }) });
}

/** Preset, file and recipe. */
function layersOf({ preset, recipe }: TrainFlags, file: ReturnType<typeof configFile> | undefined) {
  return {
    ...(preset === undefined ? {} : { preset }),
    ...(file === undefined ? {} : { file }),
    ...(recipe === undefined ? {} : { recipe: recipes[recipe] }),
  };
}

/** The data folder that is typed, or that of the run whose `config.json` is given. */
function dataFolderOf(flags: TrainFlags, file: ReturnType<typeof configFile> | undefined): string | undefined {
  if (flags.data !== undefined) return typedPath(flags.data);
  const files = file !== undefined && isRecord(file.content) ? file.content.files : undefined;
  const vocab = isRecord(files) ? files.vocab : undefined;
  return file !== undefined && typeof vocab === "string" ? dataOf(file.path, { vocab }) : undefined;
}

async function start(flags: TrainFlags, project: string, running: Stoppable): Promise<TrainOutcome> {
  const file = flags.config === undefined ? undefined : configFile(flags.config);
  const size = flags.data === undefined ? {} : await sizeOn(flags.data, flags, file?.content);
  const asked = [flags.preset, flags.algorithm, flags.recipe, flags.config];
  const defaults = flags.data !== undefined && asked.every((flag) => flag === undefined);
  const config = resolveConfig({
    ...(flags.preset === undefined && flags.data === undefined && !file ? { preset: "demo" } : {}),
    ...layersOf(flags, file),
    flags: settingsOf({ ...flags, ...size, ...(defaults ? { algorithm: [...defaultAlgorithms] } : {}) }, file?.content),
  });
  if (flags.data !== undefined && flags.preset === "demo") {
    throw usageError({
      where: "--preset demo with --data",
      found: "the demo has its own data",
      todo: "Use one of the two",
    });
  }
  const warmStart = config.metasgd_config.warm_start;
  const dataDir = flags.data === undefined ? file && dataOf(file.path, config.files) : typedPath(flags.data);
  // A path in a file is relative to the file; a typed path is relative to where the command was typed.
  const from = flags.warmStart === undefined && file !== undefined ? dirname(file.path) : typedIn();
  return train({
    ...running,
    config,
    project,
    name: folderName(flags.name ?? "kshot"),
    defaults,
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(warmStart === null || isOwnStart(warmStart) ? {} : { warmStartFile: modelFile(from, warmStart) }),
  });
}

/** `train --suite`: the settings of the suite, overridden by those of the command line. */
async function suite(flags: TrainFlags, which: string, project: string, running: Stoppable): Promise<void> {
  const notAllowed = [
    "preset",
    "config",
    "algorithm",
    "seed",
    "resume",
    "dataSeed",
    "recipe",
    "exportDraws",
    "ranks",
  ] as const;
  const other = notAllowed.find((name) => flags[name] !== undefined);
  if (other !== undefined) {
    throw usageError({
      where: `--${other.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)} with --suite`,
      found: "a suite has its own",
      expected: "--suite with --data, and settings that hold for all its runs",
      todo: "Remove it, or set it in the suite",
    });
  }
  if (flags.data === undefined) {
    throw usageError({ where: "--suite", found: "no --data", expected: "the data folder to train on, --data DIR" });
  }
  const name = folderName(flags.name ?? "suite");
  // Opening the page changes no run.
  const given = { ...flags, open: undefined, log: logAsTyped(flags) };
  const directory = join(project, "reports", name);
  const plan = await planSuiteWork({
    ...(await suiteOf(which, { ...flags, data: flags.data })),
    ...{ project, directory, version, page: true, circumstances: running.circumstances },
  });
  const { failed } = await work({
    ...{ directory, plan, atOnce: 1, progress: running.progress, signal: running.signal },
    queue: folderQueue(directory, plan.lease),
    command: running.circumstances.command,
    // All flags are repeated. Without one of them the remaining runs would have other settings.
    resume: `${asCalled()} train ${flagsAsTyped(given)}`,
    ...(flags.workers === undefined ? {} : { threads: flags.workers }),
  });
  if (failed.length > 0) throw failedCells(directory, plan, failed);
  const outcome = await finishSuiteWork({ directory, plan, page: pageOf });
  if (flags.open && outcome.reportPage !== null) openInBrowser(outcome.reportPage);
  if (flags.log === "json") process.stdout.write(suiteJson(outcome));
  else print(suiteText(outcome));
}

/** Flags that are allowed with `--resume`, because they do not change results. The run's `config.json` has all other settings. */
const allowedWithResume: readonly string[] = [
  ...["resume", "out", "log", "workers", "gpuMemory", "exportDraws", "open"],
  ...rankFlags,
];

function goOn(flags: TrainFlags, project: string, running: Stoppable): Promise<TrainOutcome> {
  const other = Object.entries(flags).find(([name, value]) => value !== undefined && !allowedWithResume.includes(name));
  if (other) {
    throw usageError({
      where: `--${other[0].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} with --resume`,
      found: "a setting for a run that has its settings already",
      expected:
        "--resume alone, or with --out, --workers, --gpu-memory, --log, --export-draws, --open and the flags of ranks",
      todo: "Remove it, or start a new run",
    });
  }
  return resumeTraining({
    ...running,
    project,
    typedIn: typedIn(),
    ...(flags.resume ? { run: flags.resume } : {}),
    ...(flags.workers === undefined ? {} : { workers: flags.workers }),
    ...(flags.gpuMemory === undefined ? {} : { gpuMemory: flags.gpuMemory }),
  });
}

async function printOutcome(outcome: TrainOutcome, { log }: TrainFlags): Promise<void> {
  const { runDir, resultFiles, reportPage } = outcome;
  const models = (await modelsOfRun(runDir)).map(({ file }) => file);
  if (log === "json") {
    process.stdout.write(
      `${JSON.stringify({ type: "result", runDir, results: resultFiles, models, report: reportPage })}\n`,
    );
    return;
  }
  const run = quoted(shownPath(runDir));
  const item = outcome.results[0]?.data.items[0];
  const next = [
    ...(models.length === 0 || item === undefined
      ? []
      : [`${asCalled()} recommend --model ${run} --history ${quoted(item)}`]),
    ...(reportPage === null ? [] : [`${asCalled()} report ${run} --out report.html --open`]),
  ];
  const paths = (name: string, files: readonly string[]) =>
    files.map((file, i) => `${(i === 0 ? name : "").padEnd(9)}${shownPath(file)}\n`).join("");
  const asked = outcome.config.metrics?.flatMap((name) => askedMetric(name) ?? []) ?? [];
  const named = outcome.results.map((results) => ({ name: results.algorithm, results }));
  const more =
    asked.length === 0 ? "" : `\n\n${askedMetricTable(named, asked, { split: outcome.config.evaluation_split })}`;
  const stacks = stackTable(methodsOf(named));
  print(
    `\n${outcome.table}${more}\n${stacks === "" ? "" : `\n${stacks}\n`}${outcome.results.every(({ evaluations }) => evaluations.length === 0) ? "" : `\nIntervals: 95 %, bootstrap over people. ${fewShotLegend(outcome.results)}\n`}${openingsOf(outcome)}${personalText(outcome)}${outcome.rates === null ? "" : `\n${outcome.rates}\n`}` +
      `\n${paths("Run", [runDir])}${paths("Results", resultFiles)}${paths("Models", models)}` +
      (reportPage === null ? "" : `Report   ${shownPath(reportPage)} (opens in a browser)\n`) +
      `\nNext:\n${next.map((line) => `    ${line}\n`).join("")}${outcome.use === null ? "" : `\n${outcome.use}\n`}`,
  );
}

/** The personal signal and its evidence. */
function personalText({ personal }: TrainOutcome): string {
  return personal === null
    ? ""
    : `\n${[personal.sentence, ...personal.evidence.map((line) => `  ${line}`)].join("\n")}\n`;
}

/** How often the test people of the data have been evaluated, if this run evaluated them. */
function openingsOf({ results }: TrainOutcome): string {
  const opened = Math.max(0, ...results.map(({ test }) => test.opened));
  return opened === 0 ? "" : `${openingsSentence(opened)}\n`;
}

function logAsTyped({ log }: TrainFlags): "json" | undefined {
  return log === "json" ? log : undefined;
}

/** The data folder in a configuration's `files`, which the `config.json` of every run has; undefined if there is none. */
function dataOf(configuration: string, { vocab }: Readonly<Record<string, string>>): string | undefined {
  return vocab === undefined ? undefined : dirname(dirname(resolve(dirname(configuration), vocab)));
}

/** Checks that a name is the name of one folder, not a path. */
function folderName(name: string): string {
  if (!/^[\w][\w.-]*$/.test(name)) {
    throw usageError({
      where: "--name",
      found: `"${name}"`,
      expected: "letters, digits, dots, hyphens and underscores",
    });
  }
  return name;
}
