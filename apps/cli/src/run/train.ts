import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { dataError, usageError } from "@kshot/contract";
import { findProject, resolveConfig, type Settings, train } from "@kshot/experiment";

import { circumstances } from "../circumstances.js";
import type { TrainFlags } from "../commands/train.js";
import { interruptSignal } from "../interrupt.js";
import { typedIn, typedPath } from "../paths.js";
import { jsonProgress, textProgress } from "../terminal/progress.js";

/** `kshot train`. */
export async function runTrain(flags: TrainFlags): Promise<void> {
  const config = resolveConfig({
    ...(flags.preset || flags.data === undefined ? { preset: flags.preset ?? demoUnlessConfigured(flags) } : {}),
    ...(flags.config === undefined ? {} : { file: configFile(flags.config) }),
    flags: settingsOf(flags),
  });
  if (flags.data !== undefined && flags.preset === "demo") {
    throw usageError({
      where: "--preset demo with --data",
      found: "the demo brings its own data",
      todo: "Leave one of the two away",
    });
  }
  const project = flags.out === undefined ? findProject(typedIn()) : typedPath(flags.out);
  const warmStart = config.metasgd_config.warm_start;
  const interrupt = interruptSignal();
  try {
    const outcome = await train({
      config,
      project,
      name: folderName(flags.name ?? "kshot"),
      ...(flags.data === undefined ? {} : { dataDir: typedPath(flags.data) }),
      ...(warmStart === null || warmStart === "gru" || warmStart === "maml"
        ? {}
        : { warmStartFile: typedPath(warmStart) }),
      circumstances: circumstances(),
      progress:
        flags.log === "json" ? jsonProgress(process.stderr) : textProgress(process.stderr, () => performance.now()),
      signal: interrupt.signal,
    });
    if (flags.log === "json") {
      process.stdout.write(
        `${JSON.stringify({ type: "result", runDir: outcome.runDir, results: outcome.resultFiles })}\n`,
      );
      return;
    }
    const shown = (path: string) => relative(typedIn(), path) || ".";
    process.stdout.write(
      `\n${outcome.table}\n\nIntervals: 95 %, bootstrap over people. Few-shot: after ${config.metasgd_config.num_inner_steps} inner steps on K = ${config.K} pairs.\n` +
        `\nRun      ${shown(outcome.runDir)}\nResults  ${outcome.resultFiles.map(shown).join("\n         ")}\n`,
    );
  } finally {
    interrupt.release();
  }
}

/** Nothing given is the demo; a configuration file alone decides for itself. */
function demoUnlessConfigured(flags: TrainFlags): "demo" | "notebook" {
  return flags.config === undefined ? "demo" : "notebook";
}

function configFile(path: string): { path: string; content: unknown } {
  const file = typedPath(path);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw dataError({ where: `--config ${file}`, found: "the file cannot be read", expected: "a JSON file", cause });
  }
  try {
    return { path: file, content: JSON.parse(text) };
  } catch (cause) {
    throw dataError({ where: file, found: `not JSON: ${(cause as Error).message}`, cause });
  }
}

/** Flags in the configuration's own names; those not given leave no key. */
function settingsOf(flags: TrainFlags): Settings {
  return compact({
    algorithms: flags.algorithm,
    K: flags.k,
    Q: flags.q,
    seed: flags.seed,
    data_seed: flags.dataSeed,
    engine: flags.engine,
    device: flags.device,
    backend: flags.backend,
    workers: flags.workers,
    metasgd_config: compact({
      num_meta_iterations: flags.iterations,
      num_inner_steps: flags.innerSteps,
      meta_batch_size: flags.metaBatch,
      outer_lr: flags.outerLr,
      inner_lr_init: flags.alphaInit,
      lr_clipping: flags.alphaRange,
      order: flags.order,
      warm_start: flags.warmStart,
      mask: flags.mask,
      episodes: flags.episodes,
      eval_interval: flags.evalInterval,
      patience: flags.patience,
    }),
    gru_training: compact({ max_epochs: flags.epochs, pairs: flags.pairs }),
  }) as Settings;
}

function compact(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** A name that is one folder, nowhere else. */
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
