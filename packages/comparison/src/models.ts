import type { Evaluation } from "@kshot/contract/schemas";
import { type NamedResults, seedOf } from "./results.js";
import { canonical, settingsOf } from "./settings.js";

/**
 * Merges files of one trained model: `kshot train` writes its history and some evaluations, `kshot evaluate` writes more of them.
 * Without this, a curve would count as a second seed.
 *
 * @returns one entry per model, in the order of first appearance.
 */
export function modelsOf(files: readonly NamedResults[]): NamedResults[] {
  const models: (readonly [NamedResults, ...NamedResults[]])[] = [];
  for (const file of files) {
    const at = models.findIndex((parts) => parts.every((part) => isSameModel(part, file)));
    const own = models[at];
    if (own === undefined) models.push([file]);
    else models[at] = [...own, file];
  }
  return models.map((parts) => (parts.length === 1 ? parts[0] : merged(parts)));
}

/** By the model's fingerprint if both files have it; otherwise by seed and settings, which determine the model. */
export function isSameModel({ results: one }: NamedResults, { results: other }: NamedResults): boolean {
  if (one.algorithm !== other.algorithm || one.data.fingerprint !== other.data.fingerprint) return false;
  if (one.k !== other.k || one.q !== other.q || seedOf(one) !== seedOf(other)) return false;
  if (one.model !== undefined && other.model !== undefined) return one.model.sha256 === other.model.sha256;
  return canonical(settingsOf(one)) === canonical(settingsOf(other));
}

/** All evaluations, each once; the history and the rates of the file of the training. */
function merged(parts: readonly [NamedResults, ...NamedResults[]]): NamedResults {
  const trained = [...parts].sort((a, b) => logged(b) - logged(a));
  const [first = parts[0]] = trained;
  const evaluations = new Map<string, Evaluation>();
  for (const { results } of trained) {
    for (const entry of results.evaluations) {
      const key = evaluationKey(entry);
      const known = evaluations.get(key);
      // Of two equal evaluations, the one with more information about its people.
      const fuller = !known || Object.keys(entry.people).length > Object.keys(known.people).length ? entry : known;
      const moreMetrics = { ...entry.moreMetrics, ...known?.moreMetrics };
      evaluations.set(key, Object.keys(moreMetrics).length === 0 ? fuller : { ...fuller, moreMetrics });
    }
  }
  const rates = trained.find(({ results }) => Object.keys(results.alpha).length > 0) ?? first;
  const clicks = trained.find(({ results }) => results.clicks !== undefined)?.results.clicks;
  // Each window once, from the first file.
  const swap = trained
    .flatMap(({ results }) => results.swap ?? [])
    .filter((own, i, all) => all.findIndex((one) => one.split === own.split && one.window === own.window) === i);
  const personal = trained.find(({ results }) => results.personal !== undefined)?.results.personal;
  const label = parts.find((part) => part.label !== undefined)?.label;
  return {
    name: [...new Set(parts.map(({ name }) => name))].join(", "),
    ...(label === undefined ? {} : { label }),
    results: {
      ...first.results,
      evaluations: [...evaluations.values()],
      ...(clicks === undefined ? {} : { clicks }),
      ...(swap.length === 0 ? {} : { swap }),
      ...(personal === undefined ? {} : { personal }),
      alpha: rates.results.alpha,
      test: { opened: Math.max(...parts.map(({ results }) => results.test.opened)) },
    },
    parts: trained,
  };
}

/** The key that distinguishes the evaluations of a results file. */
export function evaluationKey({ split, window, k, steps, support }: Evaluation): string {
  return `${split} ${window} ${support ?? "last"} ${k} ${steps}`;
}

function logged({ results }: NamedResults): number {
  return results.history.iteration.length + results.history.validation.length;
}
