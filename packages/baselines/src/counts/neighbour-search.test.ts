import fc from "fast-check";
import { expect, it } from "vitest";
import { NeighbourSearch } from "./neighbour-search.js";
import { nthGreatest } from "./nth-greatest.js";
import { sessionIndex } from "./session-sequences.js";

const nItems = 9;
const session = fc.array(fc.nat(nItems - 1), { minLength: 1, maxLength: 7 });
const sessions = fc.array(session, { minLength: 1, maxLength: 60 });
const known = fc.uniqueArray(fc.nat(nItems - 1), { minLength: 1, maxLength: 5 });
// Few distinct weights, so that similarities tie.
const weights = fc.array(fc.constantFrom(0, 0.5, 1, 4), { minLength: 5, maxLength: 5 });

function searchOf(own: readonly (readonly number[])[]) {
  const offsets = Int32Array.from([0, ...own.map((_, s) => own.slice(0, s + 1).flat().length)]);
  const sequences = { offsets, items: Int32Array.from(own.flat()) };
  return { search: new NeighbourSearch(sessionIndex(sequences, nItems), sequences), ...sequences };
}

/** Sessions that share an item, by number, with the sum of the weights of the shared items. */
function sharing(own: readonly (readonly number[])[], history: readonly number[], weight: readonly number[]) {
  return own.flatMap((items, session) => {
    if (!history.some((item) => items.includes(item))) return [];
    const shared = history.map((item, age) => (items.includes(item) ? weight[age]! : 0));
    return [{ session, similarity: shared.reduce((a, b) => a + b, 0) }];
  });
}

const ascending = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b);
type Found = { readonly session: number; readonly similarity: number };
const best = (found: readonly Found[], count: number) =>
  ascending(
    found
      .filter(({ similarity }) => similarity > 0)
      .sort((a, b) => b.similarity - a.similarity || a.session - b.session)
      .slice(0, count)
      .map(({ session: own }) => own),
  );

it("finds the most similar sessions, of equals the later ones, as comparing all of them", () => {
  fc.assert(
    fc.property(
      sessions,
      fc.array(known, { minLength: 1, maxLength: 3 }),
      weights,
      fc.integer({ min: 1, max: 12 }),
      (own, asked, weight, count) => {
        const { search } = searchOf(own);
        // Queries in turn use the same memory.
        for (const history of asked) {
          const expected = sharing(own, history, weight);
          const found = search.mostSimilar(history, weight.slice(0, history.length), count);
          expect(ascending(found)).toEqual(best(expected, count));
          for (const s of found)
            expect(search.similarity[s]).toBe(expected.find((entry) => entry.session === s)?.similarity);
        }
      },
    ),
    { numRuns: 400 },
  );
});

it("finds the latest sessions that share an item, and the most similar of them", () => {
  fc.assert(
    fc.property(
      sessions,
      known,
      weights,
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 8 }),
      (own, history, weight, latest, count) => {
        const { search } = searchOf(own);
        const expected = sharing(own, history, weight).slice(0, latest);
        const found = search.latestSharing(history, weight.slice(0, history.length), latest);
        expect(ascending(found)).toEqual(expected.map((entry) => entry.session));
        expect(ascending(search.nearest(found, count))).toEqual(best(expected, count));
      },
    ),
    { numRuns: 400 },
  );
});

it("knows where the latest shared item is last in a session", () => {
  fc.assert(
    fc.property(sessions, known, (own, history) => {
      const { search, offsets, items } = searchOf(own);
      search.mostSimilar(
        history,
        history.map(() => 1),
        5,
      );
      own.forEach((session, s) => {
        const item = history.find((candidate) => session.includes(candidate));
        const place = search.latestShared(s);
        expect(place).toBe(item === undefined ? -1 : offsets[s]! + session.lastIndexOf(item));
        if (item !== undefined) expect(search.age(items[place]!)).toBe(history.indexOf(item));
      });
    }),
  );
});

it("ends with similarities above the range of float32, which are equal", () => {
  const own = Array.from({ length: 30 }, (_, s) => [s % 3, 3 + (s % 4)]);
  const { search } = searchOf(own);
  const found = search.mostSimilar([0, 3], [1e300, 1e300], 4);
  expect(ascending(found)).toEqual([0, 3, 4, 6]);
});

it("selects the n-th greatest number, of numbers that differ only in their last bits too", () => {
  const number = fc.oneof(
    fc.nat(3),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 }),
    fc.float({ noNaN: true, noDefaultInfinity: true }),
    fc.tuple(fc.constantFrom(0.1, 2 ** -149), fc.nat(2 ** 28 - 1)).map(([x, n]) => Math.fround(x) * (1 + n * 2 ** -52)),
  );
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 50 }), fc.nat(49), (numbers, n) => {
      const place = n % numbers.length;
      const own = Float64Array.from(numbers, (value) => value + 0);
      const expected = own.toSorted().reverse()[place];
      expect(nthGreatest(own, own.length, place + 1, new Float64Array(own.length))).toBe(expected);
      expect(nthGreatest(own, own.length, place + 1, own)).toBe(expected);
    }),
    { numRuns: 1000 },
  );
});
