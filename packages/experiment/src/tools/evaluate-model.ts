import type { Window } from "@kshot/contract";
import { usageError } from "@kshot/contract";
import { type Results, resultsSchema } from "@kshot/contract/schemas";
import { readDataFolder } from "@kshot/episodes";
import { gruParameterLayout } from "@kshot/gru-layout";
import { countTestOpening, findRunOf, writeJsonFile } from "@kshot/store";
import { readsContext } from "../algorithm-table.js";
import type { RunCircumstances } from "../circumstances.js";
import { type EngineChoice, openEngine } from "../config/engine.js";
import { evaluateNetwork } from "../evaluation/evaluate-network.js";
import { requireSeveralPeopleIn } from "../evaluation/several-people.js";
import type { Progress } from "../progress.js";
import { loadNetwork, modelFingerprint } from "../run/model-files.js";
import { ratesIn } from "../run/results.js";
import { otherData, requireSameVocabulary } from "../run/same-vocabulary.js";

/**
 * Evaluates a saved model on a data folder: steps curve, K curve, both windows. An opening of the test split is counted in the
 * registry of the project that the model belongs to.
 */
export async function evaluateModel(options: {
  model: string;
  dataDir: string;
  split: "val" | "test";
  windows: readonly Window[];
  steps: readonly number[];
  /** Numbers of support pairs; undefined: the model's K. */
  supports?: readonly number[];
  engine: EngineChoice;
  out?: string;
  circumstances: RunCircumstances;
  progress: Progress;
}): Promise<Results> {
  const { model, progress, circumstances } = options;
  const network = await loadNetwork(model);
  const { config } = network.metadata;
  const data = await readDataFolder(options.dataDir, { k: config.K, q: config.Q });
  requireSeveralPeopleIn(data, options.dataDir, options.split, options.windows);
  requireSameVocabulary(model, network.metadata.items, data, options.dataDir);
  if (network.metadata.dataFingerprint !== data.fingerprint) progress({ type: "note", text: otherData(model) });
  const context = readsContext(network.metadata.algorithm, config.metasgd_config);
  const supports = options.supports ?? [config.K];
  const tooMany = supports.find((k) => k > config.K || k < (context ? 0 : 1));
  if (tooMany !== undefined) {
    throw usageError({
      where: "--k",
      found: `${tooMany}`,
      expected: `${context ? 0 : 1} to ${config.K}, the support pairs of an episode`,
    });
  }
  const adapting = options.steps.some((steps) => steps > 0);
  if (adapting && network.alpha === null && options.steps.every((steps) => steps > 0)) {
    throw usageError({
      where: "--steps",
      found: `${options.steps.join(",")} for a model without inner learning rates`,
      expected: "0 among the steps: a plain GRU does not adapt",
    });
  }
  const steps = network.alpha === null ? [0] : options.steps;
  if (steps.length < options.steps.length) {
    progress({
      type: "note",
      text: "The model has no inner learning rates; it is evaluated without adaptation (0 steps).",
    });
  }
  const innerClip = config.metasgd_config.inner_clip;
  const engine = await openEngine(options.engine, network.shape, config.metasgd_config.mask);
  try {
    const stage = "Evaluating";
    const total =
      options.windows.reduce((sum, window) => sum + data[options.split].windows[window].length, 0) * supports.length;
    progress({ type: "stage", stage, total, unit: "person" });
    const evaluations = await evaluateNetwork({
      engine,
      theta: network.theta,
      alpha: network.alpha ?? engine.vector(),
      context,
      ...(innerClip === null ? {} : { innerClip }),
      data,
      plan: {
        split: options.split,
        windows: options.windows,
        steps,
        supports,
        shown: [0, config.metasgd_config.num_inner_steps],
      },
      seed: config.seed,
      onPeople: (done) => progress({ type: "step", stage, done, figures: {} }),
    });
    progress({ type: "done", stage, text: `${total} people` });
    const run = await findRunOf(model);
    let opened = 0;
    if (options.split === "test") {
      if (run) opened = await countTestOpening(run.project, run.runId);
      else {
        opened = 1;
        progress({
          type: "note",
          text: "The model belongs to no project folder; this opening of the test split is not counted anywhere.",
        });
      }
    }
    const result: Results = {
      schema: "kshot.results/1",
      algorithm: network.metadata.algorithm as Results["algorithm"],
      k: config.K,
      q: config.Q,
      config,
      data: {
        fingerprint: data.fingerprint,
        items: [...data.items],
        ...(data.titles ? { titles: [...data.titles] } : {}),
        people: {
          train: data.train.pairs.users.length,
          val: data.val.pairs.users.length,
          test: data.test.pairs.users.length,
        },
      },
      evaluations,
      history: { iteration: [], metaLoss: [], validation: [], alpha: {} },
      alpha: network.alpha
        ? ratesIn(network.alpha, gruParameterLayout(network.shape), network.metadata.algorithm, config)
        : {},
      model: await modelFingerprint(model),
      test: { opened },
      volatile: {
        runId: run?.runId ?? "",
        runTag: run?.runTag ?? "",
        createdAt: circumstances.now().toISOString(),
        command: circumstances.command,
        paths: {},
        host: { ...circumstances.host },
        engine: engine.description.name,
        build: engine.description.backend,
        workers: engine.description.workers,
        secondsPerIteration: [],
      },
    };
    if (options.out !== undefined) await writeJsonFile(options.out, resultsSchema, result, { indent: 0 });
    return result;
  } finally {
    engine.dispose();
  }
}
