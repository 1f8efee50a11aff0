import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pairTable as table } from "../../test/pair-table.js";
import {
  type CountModelName,
  countModelKind,
  countModelKinds,
  openMixture,
  seenFeatures,
  stackLogProbabilities,
} from "../index.js";
import { namedCountModel } from "./mixture.js";
import { softmaxInFloat32 } from "./softmax.js";

const names = Object.keys(countModelKinds) as CountModelName[];
const session = fc.array(fc.nat(7), { minLength: 2, maxLength: 6 });
const sessions = fc.array(session, { minLength: 1, maxLength: 12 });

describe("a mixture", () => {
  it.each([true, false])(
    "reads sparse probabilities, and gives the same as all items' logarithms (repeats: %s)",
    (repeats) => {
      const weights = [...names.map((_, e) => 0.2 + 0.1 * e), 0.5, 0.3, -0.2, 0.1];
      fc.assert(
        fc.property(sessions, session, session, fc.nat(7), (own, query, past, label) => {
          const experts = names.map((name) => namedCountModel(name, countModelKind(name).fit(table(own), 8)));
          const stack = { experts: [...names, "network"], weights, repeats };
          const support = { sequences: [past], labels: [label] };
          const logits = Float32Array.from({ length: 8 }, (_, item) => Math.sin(item + label));
          const dense = [...experts.map((expert) => expert.logProbabilities(query, support)), logits];
          const last = query[query.length - 1]!;
          const expected = stackLogProbabilities(stack, dense, seenFeatures(query, support), last);
          const mixture = openMixture("mixture", experts, stack);
          const into = new Float64Array(8).fill(7);
          expect(mixture.scores(query, support, [logits], into)).toBe(into);
          mixture.logProbabilities(query, support, [logits]).forEach((value, item) => {
            if (item === last && !repeats) {
              expect(value).toBe(Number.NEGATIVE_INFINITY);
              return;
            }
            // Rounding errors of about ten float64 operations.
            expect(Math.abs(value - expected[item]!)).toBeLessThan(1e-12);
            // One step of float32.
            expect(Math.abs(into[item]! / Math.exp(expected[item]!) - 1)).toBeLessThan(6e-8);
          });
        }),
        { numRuns: 60 },
      );
    },
  );
});

it("softmax is that of Math.exp, for scores of any size", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -2000, max: 2000, noNaN: true }), { minLength: 1, maxLength: 20 }),
      (scores) => {
        const most = Math.max(...scores);
        const own = [...scores, Number.NEGATIVE_INFINITY, most - 3, most - 60];
        const p = own.map((score) => Math.exp(score - most));
        const sum = p.reduce((a, b) => a + b);
        softmaxInFloat32(Float64Array.from(own)).forEach((value, i) => {
          // Half a step of float32, or its smallest number.
          expect(Math.abs(value - p[i]! / sum)).toBeLessThanOrEqual(Math.max((6.1e-8 * p[i]!) / sum, 2 ** -149));
        });
      },
    ),
  );
});

it("a NaN among the scores makes every probability NaN", () => {
  for (const at of [0, 1, 2]) {
    const scores = Float64Array.from([1, 2, 3]);
    scores[at] = Number.NaN;
    expect([...softmaxInFloat32(scores)].every(Number.isNaN)).toBe(true);
  }
});
