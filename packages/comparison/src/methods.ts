import { algorithmTitle } from "./algorithms.js";
import { modelsOf } from "./models.js";
import { type NamedResults, seedOf } from "./results.js";
import { canonical, type MethodSettings, sameSetting, settingInWords, settingsOf } from "./settings.js";

/** One way to recommend: an algorithm with its settings, trained once per seed. */
export interface Method {
  /** Stable within the compared results; used in the page's address. */
  readonly id: string;
  /** The algorithm's title; if it appears with several settings, followed by the settings that differ. */
  readonly title: string;
  readonly algorithm: string;
  /** One per trained model, seeds ascending. */
  readonly files: readonly [NamedResults, ...NamedResults[]];
}

interface Group {
  readonly algorithm: string;
  readonly settings: MethodSettings;
  readonly fingerprint: string;
  readonly label: string | undefined;
  readonly files: [NamedResults, ...NamedResults[]];
}

/** Largest number of differing settings in a title. */
const mostInTitle = 3;

/**
 * Results grouped into methods, in the order of first appearance: one algorithm whose settings differ only in the seed. Settings
 * that the algorithm does not read are ignored. Several files of one model count once.
 */
export function methodsOf(files: readonly NamedResults[]): Method[] {
  const groups = new Map<string, Group>();
  for (const file of modelsOf(files)) {
    const { algorithm, data } = file.results;
    const settings = settingsOf(file.results);
    const key = `${algorithm}\n${canonical(settings)}\n${data.fingerprint}`;
    const known = groups.get(key);
    if (known) known.files.push(file);
    else groups.set(key, { algorithm, settings, fingerprint: data.fingerprint, label: file.label, files: [file] });
  }
  const all = [...groups.values()];
  const taken = new Set<string>();
  return all.map((group) => {
    const { algorithm, files: own } = group;
    const others = all.filter((other) => other.algorithm === algorithm);
    const place = others.indexOf(group) + 1;
    const base = algorithmTitle(algorithm);
    const only = group.settings.seen_rule === true ? `${base} (${settingInWords("seen_rule", true)})` : base;
    const wanted = others.length === 1 ? only : `${base} (${distinction(group, others)})`;
    const title = taken.has(wanted) ? `${base} (${place})` : wanted;
    taken.add(title);
    own.sort((a, b) => seedOf(a.results) - seedOf(b.results));
    return { id: others.length === 1 ? algorithm : `${algorithm}-${place}`, title, algorithm, files: own };
  });
}

/**
 * The difference between a group and the others of its algorithm: its run's name, otherwise the settings that differ, otherwise
 * its data.
 */
function distinction({ settings, label, fingerprint }: Group, others: readonly Group[]): string {
  if (label !== undefined && others.filter((other) => other.label === label).length === 1) return label;
  const keys = [...new Set([settings, ...others.map((other) => other.settings)].flatMap((own) => Object.keys(own)))];
  const differing = keys.filter((key) => others.some((other) => !sameSetting(other.settings[key], settings[key])));
  if (differing.length === 0) return `data ${fingerprint.slice(0, 6)}`;
  const shown = differing.slice(0, mostInTitle).map((key) => settingInWords(key, settings[key]));
  return [...shown, ...(differing.length > mostInTitle ? ["…"] : [])].join(", ");
}

/** The seeds of a method's trainings, ascending. */
export function seedsOf({ files }: Pick<Method, "files">): number[] {
  return files.map(({ results }) => seedOf(results));
}

/** The method that others are compared with: the requested one, otherwise the plain GRU, otherwise the first. */
export function referenceOf(methods: readonly Method[], wanted?: (method: Method) => boolean): Method | undefined {
  return (wanted && methods.find(wanted)) ?? methods.find(({ algorithm }) => algorithm === "gru") ?? methods[0];
}
