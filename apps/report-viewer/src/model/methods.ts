import type { ViewerResults } from "../open/parse-results.js";
import { modelsOf } from "./models.js";
import { seedOf, settingsOf, stable } from "./settings.js";
import { algorithmTitle } from "./titles.js";

/** A file that is open. */
export interface OpenFile {
  readonly name: string;
  readonly results: ViewerResults;
  /** The files that tell of one model, where it was put together from several: its training, its curves. */
  readonly parts?: readonly OpenFile[];
}

/** One algorithm with its settings, once per seed. */
export interface Method {
  /** Stable within the open files; what the page's address names. */
  readonly id: string;
  readonly title: string;
  readonly algorithm: string;
  /** One per trained model, seeds ascending. */
  readonly files: readonly OpenFile[];
}

export type Evaluation = ViewerResults["evaluations"][number];
export type Split = Evaluation["split"];
export type Window = Evaluation["window"];

/** Which people are shown. */
export interface Place {
  readonly split: Split;
  readonly window: Window;
}

/** Files of one algorithm whose settings differ in the seed alone are one method; others are told apart by what differs. */
export function methodsOf(files: readonly OpenFile[]): Method[] {
  const groups = new Map<string, OpenFile[]>();
  for (const file of modelsOf(files)) {
    const key = `${file.results.algorithm}\n${stable(settingsOf(file))}\n${file.results.data.fingerprint}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  const lists = [...groups.values()];
  return lists.map((own, i) => {
    const { algorithm } = own[0]!.results;
    const others = lists.filter((list) => list[0]!.results.algorithm === algorithm);
    const title = algorithmTitle(algorithm);
    return {
      id: others.length === 1 ? algorithm : `${algorithm}-${others.indexOf(own) + 1}`,
      title:
        others.length === 1
          ? title
          : `${title} (${
              distinction(
                own[0]!,
                others.map((list) => list[0]!),
              ) || i + 1
            })`,
      algorithm,
      files: [...own].sort((a, b) => seedOf(a) - seedOf(b)),
    };
  });
}

const innerSteps = ({ results }: OpenFile): number => {
  const group = results.config.metasgd_config as { num_inner_steps?: unknown } | undefined;
  return typeof group?.num_inner_steps === "number" ? group.num_inner_steps : 0;
};

/** With the support pairs: after the method's own number of steps, on all K pairs; else as it is. */
export function fewShotOf(file: OpenFile, place: Place): Evaluation | undefined {
  const own = evaluationsAt(file, place).filter((entry) => entry.k === file.results.k);
  return own.find((entry) => entry.steps === innerSteps(file)) ?? own.find((entry) => entry.steps === 0) ?? own.at(-1);
}

/** Without the support pairs: none of them read (k = 0) where a method reads them, else no steps. */
export function zeroShotOf(file: OpenFile, place: Place): Evaluation | undefined {
  const own = evaluationsAt(file, place).filter((entry) => entry.steps === 0);
  return own.find((entry) => entry.k === 0) ?? own.find((entry) => entry.k === file.results.k);
}

export function evaluationsAt({ results }: OpenFile, { split, window }: Place): Evaluation[] {
  return results.evaluations.filter((entry) => entry.split === split && entry.window === window);
}

/** Whether the support pairs change anything for a method. */
export function usesSupport(method: Method, place: Place): boolean {
  const [file] = method.files;
  return file !== undefined && zeroShotOf(file, place) !== fewShotOf(file, place);
}

function distinction(file: OpenFile, others: readonly OpenFile[]): string {
  const own = settingsOf(file);
  const known = new Set(others.flatMap((other) => Object.keys(settingsOf(other))));
  const keys = [...known].filter((key) => others.some((other) => stable(settingsOf(other)[key]) !== stable(own[key])));
  const shown = keys.slice(0, 2).map((key) => settingWords(key.split(".").at(-1)!, own[key]));
  return shown.length === 0 ? file.results.data.fingerprint.slice(0, 6) : shown.join(", ");
}

/** One setting in a title. */
function settingWords(key: string, value: unknown): string {
  if (key === "num_inner_steps" && typeof value === "number") return `${value} inner ${value === 1 ? "step" : "steps"}`;
  const shown = value === undefined ? "–" : typeof value === "string" ? value : JSON.stringify(value);
  return `${key.replaceAll("_", " ")} ${shown}`;
}
