import fc from "fast-check";
import { expect, it } from "vitest";
import { logSumExp, rankedItems, ranksOf } from "./candidates.js";

const scores = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 40 });

it("the best candidates equal those of a full sort, ties by item number, with their ranks", () => {
  fc.assert(
    fc.property(
      scores,
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.nat(39)),
      fc.boolean(),
      (values, top, some, only) => {
        const given = new Set(some.filter((item) => item < values.length));
        const candidates = only ? { among: given, without: new Set([0]) } : { among: undefined, without: given };
        const allowed = values
          .map((_, item) => item)
          .filter((item) => (only ? given.has(item) && item !== 0 : !given.has(item)));
        const sorted = allowed.sort((a, b) => values[b]! - values[a]! || a - b);
        const best = rankedItems(values, top, candidates).map(({ item }) => item);
        expect(best).toEqual(sorted.slice(0, top));
        expect(ranksOf(best, values, candidates)).toEqual(best.map((_, i) => i + 1));
      },
    ),
  );
});

it("log of a sum of exponentials neither overflows nor underflows", () => {
  expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.log(2), 12);
  expect(logSumExp([-1000, -1000])).toBeCloseTo(-1000 + Math.log(2), 12);
});
