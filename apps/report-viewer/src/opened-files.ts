import type { NamedResults } from "@kshot/comparison";
import { batch } from "@preact/signals";
import { readHash } from "./address.js";
import { isExample } from "./open/example.js";
import { checkResults, type Parsed, parseResults } from "./open/parse-results.js";
import { files, problems, view } from "./state.js";

/** Opens texts of files; a text that cannot be read becomes a message. */
export function openTexts(texts: readonly { readonly name: string; readonly text: string }[]): void {
  add(texts.map(({ name, text }) => parseResults(name, text)));
}

/** Opens pasted text. Text that does not begin with { gets its own message. */
export function openPasted(text: string): void {
  if (/^\s*[{[]/.test(text)) openTexts([{ name: "pasted text", text }]);
  else {
    problems.value = [
      "The pasted text is not a results file: a results file begins with {. Copy the whole text of a file from a run's results/ folder, or drop the file here.",
    ];
  }
}

/** Opens results that are checked already; no others stay open. */
export function openNamed(named: readonly NamedResults[]): void {
  files.value = named;
}

/** Opens values from the page's data. */
export function openValues(values: readonly unknown[]): void {
  add(values.map(checkInPage));
}

/** A value of the page's data: results, or `{label, results}` of a suite's run. */
function checkInPage(value: unknown, i: number): Parsed {
  const { schema, label, results } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (schema !== undefined || typeof label !== "string") return checkResults(nameInPage(value, i), value);
  const checked = checkResults(nameInPage(results, i), results);
  return checked.ok ? { ...checked, label } : checked;
}

/** The name of results inside the page: that of the file in a run's folder, or of curves if they have no training. */
function nameInPage(value: unknown, i: number): string {
  const { algorithm, k, q, history } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (typeof algorithm !== "string" || typeof k !== "number" || typeof q !== "number")
    return `Results ${i + 1} of this page`;
  const { validation } = (history ?? {}) as { readonly validation?: unknown };
  const trained = Array.isArray(validation) && validation.length > 0;
  return `${algorithm.replaceAll("-", "")}_K${k}_Q${q}${trained ? "" : " evaluated"}.json`;
}

function add(parsed: readonly Parsed[]): void {
  batch(() => {
    const fresh = parsed.flatMap(({ ok, ...one }) => ("results" in one ? [one] : []));
    const same = (a: NamedResults, b: NamedResults) =>
      a.results.algorithm === b.results.algorithm &&
      a.results.volatile.runId === b.results.volatile.runId &&
      a.results.volatile.createdAt === b.results.volatile.createdAt;
    // Real results replace the example.
    const real = fresh.some((file) => !isExample(file));
    const kept = files.value.filter((old) => !fresh.some((file) => same(file, old)) && !(real && isExample(old)));
    files.value = [...kept, ...fresh];
    problems.value = parsed.flatMap((one) => (one.ok ? [] : [one.problem]));
  });
}

/** Closes all files and resets the view; the theme stays. */
export function closeAll(): void {
  batch(() => {
    files.value = [];
    problems.value = [];
    readHash(view.theme.value === "" ? "" : `theme=${view.theme.value}`);
  });
}

export function closeFile(file: NamedResults): void {
  const gone = file.parts ?? [file];
  files.value = files.value.filter((one) => !gone.includes(one));
}

export function closeExample(): void {
  files.value = files.value.filter((file) => !isExample(file));
  if (files.value.length === 0) closeAll();
}

export function dismissProblem(problem: string): void {
  problems.value = problems.value.filter((one) => one !== problem);
}
