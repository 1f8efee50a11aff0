import type { Window } from "@kshot/contract";
import { type Evaluation, type Results, type ResultsConfig, resultsConfigSchema } from "@kshot/contract/schemas";

/** A results file's content. A later version's algorithm may be unknown here. */
export type ComparableResults = ResultsOf<string>;

/** A results file's content whose algorithm is one of some names. */
export type ResultsOf<Name extends string> = Omit<Results, "algorithm"> & { readonly algorithm: Name };

/** Results and their origin. */
export interface NamedResults {
  /** File name or path, as messages show it. */
  readonly name: string;
  /** The run's name, if several runs train one algorithm with different settings. */
  readonly label?: string;
  readonly results: ComparableResults;
  /** The merged files, if several describe one model; the one with the training history first. */
  readonly parts?: readonly NamedResults[];
}

/** The split that results are about. */
export type Split = Evaluation["split"];

/** The evaluated people and pairs. */
export interface Place {
  readonly split: Split;
  readonly window: Window;
}

const configs = new WeakMap<object, ResultsConfig>();

/** The settings of a results file by their types; a missing setting or one of another type is `undefined`. */
export function configOf({ config }: Pick<ComparableResults, "config">): ResultsConfig {
  const known = configs.get(config);
  if (known !== undefined) return known;
  const parsed = resultsConfigSchema.parse(config);
  configs.set(config, parsed);
  return parsed;
}

/** The seed of the training; 0 if the file has none. */
export function seedOf(results: Pick<ComparableResults, "config">): number {
  return configOf(results).seed ?? 0;
}

/** The range of every α, `[low, high]`; null if the file has none. */
export function alphaRangeOf(results: Pick<ComparableResults, "config">): readonly [number, number] | null {
  const settings = configOf(results).metasgd_config;
  return settings?.alpha_range ?? settings?.lr_clipping ?? null;
}
