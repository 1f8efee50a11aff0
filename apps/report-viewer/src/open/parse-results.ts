import type { ComparableResults } from "@kshot/comparison";
import { clicks as clicksSchema, resultsSchema } from "@kshot/contract/schemas";
import { isUnpacked } from "../packing/unpack.js";
import { headLength, refusal, tailLength } from "./refusal.js";
import { current, otherKind } from "./results-kind.js";
import { whyNotJson } from "./why-not-json.js";

/** The result of reading a text: results, or a paragraph with the problem and its position. */
export type Parsed =
  | { readonly ok: true; readonly name: string; readonly label?: string; readonly results: ComparableResults }
  | { readonly ok: false; readonly name: string; readonly problem: string };

const outer = resultsSchema.omit({ evaluations: true, algorithm: true, clicks: true });
const clicksBut = clicksSchema.omit({ before: true, labels: true, higher: true, tied: true, top: true });
const evaluationBut = resultsSchema.shape.evaluations.element.omit({ people: true });

/** Reads one file's text. Its content is never run and never parsed as markup. */
export function parseResults(name: string, text: string): Parsed {
  const refused = refusal(text.slice(0, headLength), text.slice(-tailLength), text.length);
  if (refused !== null) return problemOf(name, refused);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return problemOf(name, whyNotJson(text));
  }
  return checkResults(name, value);
}

function problemOf(name: string, what: string): Parsed {
  return { ok: false, name, problem: /^the /.test(what) ? `${name}: ${what}` : `${name} ${what}` };
}

/** Checks a value that is JSON already. */
export function checkResults(name: string, value: unknown): Parsed {
  const problem = (what: string): Parsed => problemOf(name, what);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return problem(`holds ${Array.isArray(value) ? "a list" : typeof value}, not a results object.`);
  }
  const other = otherKind((value as { schema?: unknown }).schema);
  if (other !== null) return problem(other);
  const misfit = (where: string, what: string) =>
    problem(`does not fit kshot.results/${current}${where === "" ? "" : ` at ${where}`}: ${what}.`);
  const { evaluations, algorithm, clicks, ...rest } = value as Record<string, unknown>;
  if (typeof algorithm !== "string" || algorithm === "") return misfit("algorithm", "expected a name");
  const found = outer.safeParse(rest);
  if (!found.success) return misfit(placeOf(found.error.issues[0]), found.error.issues[0]?.message ?? "unknown");
  if (!Array.isArray(evaluations)) return misfit("evaluations", "expected a list");
  // Most of a file is queries. A loop checks them as strictly as the schema and many times faster.
  for (const [i, entry] of evaluations.entries()) {
    const { people, ...figures } = (entry ?? {}) as Record<string, unknown>;
    const own = evaluationBut.safeParse(figures);
    if (!own.success) {
      const [issue] = own.error.issues;
      return misfit([`evaluations.${i}`, placeOf(issue)].filter(Boolean).join("."), issue?.message ?? "unknown");
    }
    const wrong = isUnpacked(people) ? null : peopleProblem(people);
    if (wrong !== null) return misfit(`evaluations.${i}.people`, wrong);
  }
  if (clicks !== undefined && !Array.isArray(clicks)) return misfit("clicks", "expected a list");
  for (const [i, own] of (clicks ?? []).entries()) {
    const wrong = clicksProblem(own);
    if (wrong !== null) return misfit(`clicks.${i}`, wrong);
  }
  return {
    ok: true,
    name,
    results: {
      ...found.data,
      algorithm,
      // An evaluation without people cannot be compared or drawn.
      evaluations: evaluations.filter(({ people }) => people.user.length > 0),
      ...(clicks === undefined ? {} : { clicks }),
    } as ComparableResults,
  };
}

function placeOf(issue: { readonly path: readonly PropertyKey[] } | undefined): string {
  return issue?.path.map(String).join(".") ?? "";
}

/** The problem with the ranks by number of first pairs; null if there is none. */
function clicksProblem(value: unknown): string | null {
  const { before, labels, higher, tied, top, ...figures } = (value ?? {}) as Record<string, unknown>;
  const own = clicksBut.safeParse(figures);
  if (!own.success) return `${placeOf(own.error.issues[0])} ${own.error.issues[0]?.message ?? ""}`.trim();
  const counts = (list: unknown) => Array.isArray(list) && list.every(isCount);
  const rows = (list: unknown, length: number) => Array.isArray(list) && list.length === length && list.every(counts);
  const people = Array.isArray(labels) ? labels.length : 0;
  if (!rows(labels, people) || !rows(before, people)) return "labels and before are not lists of items for each person";
  for (const [name, lists] of Object.entries({ higher, tied, top })) {
    if (!Array.isArray(lists) || lists.length !== own.data.k.length || !lists.every((list) => rows(list, people)))
      return `${name} is not, for each k, a list of counts for each of ${people} people`;
  }
  return null;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The problem with the people of an evaluation; null if there is none. */
function peopleProblem(people: unknown): string | null {
  const { user, historyLength, queries } = (people ?? {}) as Record<string, unknown>;
  if (!Array.isArray(user) || !Array.isArray(historyLength) || !Array.isArray(queries)) {
    return "people lacks the lists user, historyLength and queries";
  }
  if (user.length !== historyLength.length || user.length !== queries.length) {
    return `lists of ${user.length} users, ${historyLength.length} history lengths and ${queries.length} queries`;
  }
  for (const key of ["history", "top"]) {
    const lists = (people as Record<string, unknown>)[key];
    if (lists === undefined) continue;
    if (!Array.isArray(lists) || lists.length !== user.length) return `${key} is not a list for each person`;
    const bad = lists.findIndex((items) => !Array.isArray(items) || !items.every(isCount));
    if (bad >= 0) return `${key} of person ${bad} is not a list of item numbers`;
  }
  for (let p = 0; p < user.length; p++) {
    if (typeof user[p] !== "string" || !isCount(historyLength[p]) || !Array.isArray(queries[p])) {
      return `person ${p} is not a name, a count and a list`;
    }
    for (const query of queries[p]) {
      if (!isCount(query?.label) || !isCount(query.higher) || !isCount(query.tied) || typeof query.seen !== "boolean") {
        return `a query of person ${p} is not { label, seen, higher, tied }`;
      }
    }
  }
  return null;
}
