import { createHash } from "node:crypto";
import type { PackedHead, Shared } from "./packed.js";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Writes results so that a page holds each list once: items, titles, people, histories and the answers of queries are shared by all
 * results, and the ranks of queries are plain lists of numbers. Values of another form are kept unchanged.
 *
 * @param values - results, or `{label, results}`.
 * @returns the shared lists, and the results in the same order; `unpack` restores them.
 */
export function pack(values: readonly unknown[]): { readonly head: PackedHead; readonly results: readonly unknown[] } {
  const numbers = new Map<string, number>();
  const lists: unknown[] = [];
  const share = (value: unknown): Shared => {
    const key = createHash("sha256").update(JSON.stringify(value)).digest("base64");
    const known = numbers.get(key);
    if (known !== undefined) return { $: known };
    numbers.set(key, lists.length);
    return { $: lists.push(value) - 1 };
  };
  const shared = (fields: Fields, names: readonly string[]): Fields => {
    const own = names.flatMap((name) => (Array.isArray(fields[name]) ? [[name, share(fields[name])]] : []));
    return { ...fields, ...Object.fromEntries(own) };
  };
  const results = values.map((value) => {
    if (!isFields(value)) return value;
    return isFields(value.results) ? { ...value, results: packOne(value.results) } : packOne(value);
  });
  return { head: { packed: 1, lists }, results };

  function packOne(results: Fields): Fields {
    const { data, evaluations, clicks, swap } = results;
    return {
      ...results,
      ...(isFields(data) ? { data: shared(data, ["items", "titles", "trainPairs"]) } : {}),
      ...(Array.isArray(evaluations) ? { evaluations: evaluations.map(packPeople) } : {}),
      ...(Array.isArray(clicks) ? { clicks: clicks.map(packClicks) } : {}),
      ...(Array.isArray(swap) ? { swap: swap.map(packSwap) } : {}),
    };
  }

  function packPeople(evaluation: unknown): unknown {
    if (!isFields(evaluation) || !isFields(evaluation.people)) return evaluation;
    const people = shared(evaluation.people, ["user", "historyLength", "history", "top"]);
    const queries = packQueries(people.queries, share);
    return { ...evaluation, people: queries === null ? people : { ...people, queries } };
  }

  function packClicks(own: unknown): unknown {
    if (!isFields(own)) return own;
    const byK = (name: string) => (Array.isArray(own[name]) ? own[name].map((list) => share(list)) : own[name]);
    return { ...shared(own, ["before", "labels"]), higher: byK("higher"), tied: byK("tied"), top: byK("top") };
  }

  function packSwap(own: unknown): unknown {
    return isFields(own) && isFields(own.people) ? { ...own, people: shared(own.people, ["user", "queries"]) } : own;
  }
}

/** Queries in columns; null if one has another form. */
function packQueries(value: unknown, share: (value: unknown) => Shared): unknown {
  if (!Array.isArray(value)) return null;
  const [labels, seen, higher, tied]: [number[][], string[], number[], number[]] = [[], [], [], []];
  for (const own of value) {
    if (!Array.isArray(own)) return null;
    const [ownLabels, ownSeen]: [number[], string[]] = [[], []];
    for (const query of own) {
      if (!isFields(query) || Object.keys(query).length !== 4) return null;
      if (typeof query.label !== "number" || typeof query.seen !== "boolean") return null;
      if (typeof query.higher !== "number" || typeof query.tied !== "number") return null;
      ownLabels.push(query.label);
      ownSeen.push(query.seen ? "1" : "0");
      higher.push(query.higher);
      tied.push(query.tied);
    }
    labels.push(ownLabels);
    seen.push(ownSeen.join(""));
  }
  return {
    labels: share(labels),
    seen: share(seen),
    higher,
    ...(tied.some((count) => count !== 0) ? { tied } : {}),
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
