import type { Evaluation, OpenFile } from "./methods.js";
import { seedOf, settingsOf, stable } from "./settings.js";

/**
 * Files that tell of one trained model as one: `kshot train` writes its history and some evaluations, `kshot evaluate` more of
 * them. Without this a curve would be taken for a second seed.
 */
export function modelsOf(files: readonly OpenFile[]): OpenFile[] {
  const models: OpenFile[][] = [];
  for (const file of files) {
    const own = models.find((parts) => parts.every((part) => sameModel(part, file)));
    if (own) own.push(file);
    else models.push([file]);
  }
  return models.map((parts) => (parts.length === 1 ? parts[0]! : merged(parts)));
}

/** By the model's own fingerprint where both files have it; else by seed and run, or seed and settings, which decide the model. */
function sameModel(a: OpenFile, b: OpenFile): boolean {
  const [one, other] = [a.results, b.results];
  if (one.algorithm !== other.algorithm || one.data.fingerprint !== other.data.fingerprint) return false;
  if (one.k !== other.k || one.q !== other.q || seedOf(a) !== seedOf(b)) return false;
  const [print, otherPrint] = [modelFingerprint(a), modelFingerprint(b)];
  if (print !== undefined && otherPrint !== undefined) return print === otherPrint;
  return stable(settingsOf(a)) === stable(settingsOf(b));
}

/** SHA-256 of the trained parameters; files of earlier versions have none. */
export function modelFingerprint({ results }: OpenFile): string | undefined {
  return results.model?.sha256;
}

/** All evaluations, each once; the history and the rates of the file that saw the training. */
function merged(parts: readonly OpenFile[]): OpenFile {
  const trained = [...parts].sort((a, b) => logged(b) - logged(a));
  const [first] = trained as [OpenFile, ...OpenFile[]];
  const evaluations = new Map<string, Evaluation>();
  for (const { results } of trained) {
    for (const entry of results.evaluations) {
      const key = `${entry.split} ${entry.window} ${entry.k} ${entry.steps}`;
      const known = evaluations.get(key);
      // Of two equal ones the one that tells more of its people.
      if (!known || Object.keys(entry.people).length > Object.keys(known.people).length) evaluations.set(key, entry);
    }
  }
  const rates = trained.find(({ results }) => Object.keys(results.alpha).length > 0) ?? first;
  return {
    name: [...new Set(parts.map(({ name }) => name))].join(", "),
    results: {
      ...first.results,
      evaluations: [...evaluations.values()],
      alpha: rates.results.alpha,
      test: { opened: Math.max(...parts.map(({ results }) => results.test.opened)) },
    },
    parts: trained,
  };
}

function logged({ results }: OpenFile): number {
  return results.history.iteration.length + results.history.validation.length;
}
