import { isDeepStrictEqual } from "node:util";
import { settingsOf } from "@kshot/comparison";
import { type AlgorithmName, entryAt, KshotError, usageError } from "@kshot/contract";
import type { Config, Suite, SweepChoice } from "@kshot/contract/schemas";
import {
  decidingConfig,
  differingSettings,
  mergeSettings,
  resolveConfig,
  type Settings,
  withGivenIterations,
} from "../config/index.js";
import { type Rung, rungs, sweptSettings } from "./sweep.js";

/** One run of a suite. */
export interface Planned {
  readonly name: string;
  readonly seed: number;
  /** Of a run that takes its settings from a try: the settings that all tries share. */
  readonly config: Config;
  /** The source of its settings; null: they are `config`. */
  readonly choice: SweepChoice | null;
  /** The run that a try is made for; null for a run that is compared. */
  readonly tryOf: string | null;
}

/**
 * The suite's runs, one seed after the other, so that a suite stopped early has complete seeds to compare; then those of a sweep:
 * its tries, on validation people only, and the run with the settings of the best. All checks of the comparison that need no
 * results run here, before training.
 *
 * @throws `USAGE` for a duplicate name or seed, invalid settings, runs that train a method twice, runs of different people, a
 * reference that no run trains.
 */
export function plan(suite: Suite, flags: Settings): Planned[] {
  const names = suite.runs.map((run) => run.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw usageError({
      where: "suite, runs",
      found: `two of the name "${twice}"`,
      expected: "a different name for each run",
    });
  }
  const repeated = suite.seeds.find((seed, i) => suite.seeds.indexOf(seed) !== i);
  if (repeated !== undefined) {
    throw usageError({ where: "suite, seeds", found: `${repeated} twice`, expected: "different seeds" });
  }
  const configOf = (run: Suite["runs"][number], seed: number, more: Settings = {}): Config => {
    const { name, algorithms, settings } = run;
    const own = [suite.settings, settings, { algorithms, seed }].reduce<Settings>(mergeSettings, {});
    try {
      const asked = mergeSettings(mergeSettings(withGivenIterations(own, flags), flags), more);
      return resolveConfig({ preset: "notebook", flags: asked });
    } catch (error) {
      if (!KshotError.isInstance(error)) throw error;
      const where = `suite, run "${name}"${error.parts.where ? `, ${error.parts.where}` : ""}`;
      throw new KshotError(error.code, { ...error.parts, where });
    }
  };
  const tries = sweptSettings(suite);
  const isSwept = (run: Suite["runs"][number]) =>
    tries.length > 0 &&
    run.algorithms.some((algorithm) => {
      const [first, ...others] = tries.map((more) => relevant(algorithm, configOf(run, entryAt(suite.seeds, 0), more)));
      return others.some((other) => !isDeepStrictEqual(other, first));
    });
  const swept = suite.runs.filter(isSwept);
  if (tries.length > 0) requireSweep(suite, swept);
  const planned = suite.seeds.flatMap((seed) =>
    suite.runs
      .filter((run) => !swept.includes(run))
      .map((run): Planned => ({ name: run.name, seed, config: configOf(run, seed), choice: null, tryOf: null })),
  );
  for (const run of swept)
    addSweep(planned, suite, run, { tries, configOf: (seed, more) => configOf(run, seed, more) });
  // Every seed has the same runs.
  const runs = planned.filter(({ seed, tryOf }) => seed === suite.seeds[0] && tryOf === null);
  for (const [i, later] of runs.entries()) for (const run of runs.slice(0, i)) requireDifferent(run, later);
  for (const run of runs) requireSamePeople(entryAt(runs, 0), run);
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

/** The tries of a run, rung by rung, and then the run itself, with the settings of the best. */
function addSweep(
  planned: Planned[],
  suite: Suite,
  { name }: Suite["runs"][number],
  { tries, configOf }: { tries: readonly Settings[]; configOf: (seed: number, more?: Settings) => Config },
): void {
  const { seeds, halving } = suite;
  const onValidation: Settings = { evaluation_split: "val" };
  const places: Rung[] =
    halving === undefined
      ? [{ tries: tries.length, settings: {} }]
      : rungs(tries.length, halving, configOf(entryAt(seeds, 0)));
  /** The cells of the previous rung, by try and seed. */
  let before: number[][] = [];
  const chosen = (place: number, seed: number, settings: Settings): SweepChoice => ({
    ...{ tries: before, place, seed },
    settings: settings as Record<string, unknown>,
  });
  for (const [r, rung] of places.entries()) {
    const cells: number[][] = [];
    for (let i = 0; i < rung.tries; i++) {
      const own: number[] = [];
      for (const [s, seed] of seeds.entries()) {
        const more = mergeSettings(rung.settings, onValidation);
        const settings = r === 0 ? mergeSettings(entryAt(tries, i), more) : more;
        own.push(
          planned.push({
            name: r === 0 ? `${name}.try-${i + 1}` : `${name}.rung-${r + 1}-place-${i + 1}`,
            ...{ seed, config: configOf(seed, settings), tryOf: name },
            choice: r === 0 ? null : chosen(i, s, more),
          }) - 1,
        );
      }
      cells.push(own);
    }
    before = cells;
  }
  for (const [s, seed] of seeds.entries()) {
    const config = configOf(seed);
    const choice = chosen(0, s, { evaluation_split: config.evaluation_split });
    planned.push({ name, seed, config, choice, tryOf: null });
  }
}

/** Refuses a sweep that changes nothing, or that changes several methods: then it is unclear whose figure chooses. */
function requireSweep(suite: Suite, swept: readonly Suite["runs"][number][]): void {
  const keys = Object.keys(suite.sweep ?? {}).join(", ");
  if (swept.length === 0) {
    throw usageError({
      where: "suite, sweep",
      found: `${keys}, which changes no run`,
      expected: "settings of a method that is trained, and more than one try",
    });
  }
  const several = swept.find(({ algorithms }) => algorithms.length > 1);
  if (several === undefined) return;
  throw usageError({
    where: `suite, sweep, run "${several.name}"`,
    found: `${several.algorithms.join(", ")} in a run that is tried with other ${keys}`,
    expected: "one method in such a run: its validation MRR chooses",
    todo: "Move the others to a separate run",
  });
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
    found: `the same settings for ${list}${differing.length === 0 ? "" : `: ${differing.join(", ")}, in which they differ, has no effect on ${shared.length === 1 ? "it" : "them"}`}`,
    expected: "each method once per seed",
    todo:
      rest.length === 0
        ? "Leave one of the two out"
        : b.metasgd_config.warm_start === "tuned" && shared.includes("gru")
          ? `"${later.name}" starts from its own fine-tuned GRU: make it a separate suite`
          : `Leave ${list} out of "${later.name}", which can start from what "${run.name}" trains`,
  });
}

function relevant(algorithm: AlgorithmName, config: Config) {
  return settingsOf({ algorithm, config, k: config.K, q: config.Q });
}

/** Settings that differ between two runs, as `group.key`; the list of algorithms is not a setting. */
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
