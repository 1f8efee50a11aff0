import { isDeepStrictEqual } from "node:util";
import { settingsOf } from "@kshot/comparison";
import { type AlgorithmName, KshotError, usageError } from "@kshot/contract";
import type { Config, Suite } from "@kshot/contract/schemas";
import { decidingConfig, differingSettings, mergeSettings, resolveConfig, type Settings } from "../config/index.js";

/** One run of a suite. */
export interface Planned {
  readonly name: string;
  readonly seed: number;
  readonly config: Config;
}

/**
 * The suite's runs, one seed after the other, so that a suite stopped half-way has whole seeds to compare. All checks of the comparison
 * that need no results run here, before training.
 *
 * @throws `USAGE` for a name or seed that appears twice, settings that do not fit, runs that train a method twice, runs of different
 *   people, a reference that nobody trains.
 */
export function plan(suite: Suite, flags: Settings): Planned[] {
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
      const layers: Settings[] = [suite.settings, settings, { algorithms, seed }, flags];
      try {
        return { name, seed, config: resolveConfig({ preset: "notebook", flags: layers.reduce(mergeSettings) }) };
      } catch (error) {
        if (!KshotError.isInstance(error)) throw error;
        const where = `suite, run "${name}"${error.parts.where ? `, ${error.parts.where}` : ""}`;
        throw new KshotError(error.code, { ...error.parts, where });
      }
    }),
  );
  // Every seed has the same runs.
  const runs = planned.filter(({ seed }) => seed === suite.seeds[0]);
  for (const [i, later] of runs.entries()) for (const run of runs.slice(0, i)) requireDifferent(run, later);
  for (const run of runs) requireSamePeople(runs[0]!, run);
  const trained = new Set(runs.flatMap(({ config }) => config.algorithms));
  if (!trained.has(suite.reference)) {
    throw usageError({
      where: "suite, reference",
      found: `${suite.reference}, which no run trains`,
      expected: `one of ${[...trained].join(", ")}`,
    });
  }
  return planned;
}

/** Refuses two runs that train one method: its figures would count twice, or be two answers to one question. */
function requireDifferent(run: Planned, later: Planned): void {
  const [{ config: a }, { config: b }] = [run, later];
  const shared = b.algorithms.filter(
    (algorithm) =>
      a.algorithms.includes(algorithm) && isDeepStrictEqual(relevant(algorithm, a), relevant(algorithm, b)),
  );
  if (shared.length === 0) return;
  const list = shared.join(", ");
  const differing = namesOfDiffering(a, b);
  const rest = b.algorithms.filter((algorithm) => !shared.includes(algorithm));
  throw usageError({
    where: `suite, runs "${run.name}" and "${later.name}"`,
    found: `the same settings for ${list}${differing.length === 0 ? "" : `: ${differing.join(", ")}, in which they differ, decides nothing for ${shared.length === 1 ? "it" : "them"}`}`,
    expected: "each method once per seed",
    todo:
      rest.length === 0
        ? "Leave one of the two out"
        : b.metasgd_config.warm_start === "tuned" && shared.includes("gru")
          ? `"${later.name}" starts from its own fine-tuned GRU: make a suite of its own of it`
          : `Leave ${list} out of "${later.name}", which can start from what "${run.name}" trains`,
  });
}

function relevant(algorithm: AlgorithmName, config: Config) {
  return settingsOf({ algorithm, config, k: config.K, q: config.Q });
}

/** Settings that two runs have differently, as `group.key`; which algorithms they train is no setting. */
function namesOfDiffering(a: Config, b: Config): string[] {
  return differingSettings(decidingConfig(a), decidingConfig(b))
    .map(({ key }) => key)
    .filter((key) => key !== "algorithms");
}

function requireSamePeople(first: Planned, run: Planned): void {
  for (const key of ["K", "Q", "evaluation_split"] as const) {
    if (first.config[key] === run.config[key]) continue;
    throw usageError({
      where: `suite, runs "${first.name}" and "${run.name}"`,
      found: `${key} ${first.config[key]} and ${run.config[key]}`,
      expected: `one ${key} for all runs: they are compared on the same people`,
    });
  }
}
