import type { RankedQuery } from "@kshot/contract";
import { isShared, type PackedHead } from "./packed.js";

type Fields = Readonly<Record<string, unknown>>;

/** People whose queries were checked when they were unpacked. */
const checked = new WeakSet<object>();

/** Whether the queries of these people need no further check. */
export function isUnpacked(people: unknown): boolean {
  return typeof people === "object" && people !== null && checked.has(people);
}

/** Whether a value is the first part of a page's data. */
export function isPackedHead(value: unknown): value is PackedHead {
  const { packed, lists } = (value ?? {}) as Partial<PackedHead>;
  return packed === 1 && Array.isArray(lists);
}

/**
 * The results as they were before `pack`. The queries of an evaluation become objects when they are first read, because a page reads
 * only some of them at first.
 *
 * @throws `RangeError` for a list that the page does not hold, or ranks that do not fit their queries.
 */
export function unpack({ lists }: PackedHead, value: unknown): unknown {
  const restore = (inner: unknown): unknown => {
    if (isShared(inner)) {
      if (!(inner.$ in lists)) throw new RangeError(`shared list ${inner.$} is missing`);
      return lists[inner.$];
    }
    return Array.isArray(inner) && inner.some(isShared) ? inner.map(restore) : inner;
  };
  const fields = (from: Fields): Fields =>
    Object.fromEntries(Object.entries(from).map(([key, inner]) => [key, restore(inner)]));
  const one = (results: Fields): Fields => ({
    ...results,
    ...(isFields(results.data) ? { data: fields(results.data) } : {}),
    ...(Array.isArray(results.evaluations)
      ? { evaluations: results.evaluations.map((own) => withPeople(own, people)) }
      : {}),
    ...(Array.isArray(results.clicks)
      ? { clicks: results.clicks.map((own) => (isFields(own) ? fields(own) : own)) }
      : {}),
    ...(Array.isArray(results.swap) ? { swap: results.swap.map((own) => withPeople(own, fields)) } : {}),
  });
  const people = (own: Fields): Fields => {
    const { queries } = own;
    const rest = fields(own);
    if (!isFields(queries) || !isShared(queries.labels)) return rest;
    return lazyQueries(rest, fields(queries));
  };
  if (!isFields(value)) return value;
  return isFields(value.results) ? { ...value, results: one(value.results) } : one(value);
}

function withPeople(own: unknown, of: (people: Fields) => Fields): unknown {
  return isFields(own) && isFields(own.people) ? { ...own, people: of(own.people) } : own;
}

/** People with `queries` that are made on first use. */
function lazyQueries(people: Fields, { labels, seen, higher, tied }: Fields): Fields {
  const [ownLabels, ownSeen, ownHigher] = [labels as number[][], seen as string[], higher as number[]];
  const ownTied = tied as number[] | undefined;
  const total = ownLabels.reduce((sum, list) => sum + list.length, 0);
  const fits =
    ownSeen.length === ownLabels.length &&
    ownSeen.every((text, p) => text.length === ownLabels[p]?.length) &&
    [ownHigher, ownTied ?? ownHigher].every((list) => list.length === total && list.every(isCount)) &&
    ownLabels.every((list) => list.every(isCount));
  if (!fits) throw new RangeError("ranks do not fit their queries");
  let made: RankedQuery[][] | undefined;
  const own = {
    ...people,
    get queries(): RankedQuery[][] {
      if (made !== undefined) return made;
      let at = 0;
      made = ownLabels.map((list, p) =>
        list.map((label, q) => {
          const query = { label, seen: ownSeen[p]?.[q] === "1", higher: ownHigher[at] ?? 0, tied: ownTied?.[at] ?? 0 };
          at++;
          return query;
        }),
      );
      return made;
    },
  };
  checked.add(own);
  return own;
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
