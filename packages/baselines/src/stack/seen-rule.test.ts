import { describe, expect, it } from "vitest";
import { kept, nItems, queries, support, train } from "../../test/small-train.js";
import {
  countModelKind,
  itemKnn,
  markov,
  openCounts,
  popularity,
  recent,
  type StoredScorer,
  sessionKnn,
  storeSeenRule,
  withSeenRule,
} from "../index.js";
import { expertOfScorer } from "./seen-rule.js";

/** People who come back to what they had before: item 3 or 4, which no count predicts. */
const validation = queries.flatMap((query) => [3, 4].map((label) => ({ query, support, label })));

const methods = [
  ...[popularity, recent, markov, itemKnn, sessionKnn].map((fit) => fit(train, nItems)),
  ...(["variable-markov", "sequential-rules", "sequence-knn", "v-sknn", "stan", "ease"] as const).map(
    (name): StoredScorer => countModelKind(name).fit(train, nItems),
  ),
];

describe.each(methods.map((scorer) => [scorer.name, scorer] as const))("the seen rule of %s", (name, scorer) => {
  it("is fitted, stored and opened with the same scores, bit for bit", () => {
    const ruled = withSeenRule(scorer, train, validation);
    const stored = storeSeenRule(ruled);
    const opened = openCounts(name, kept(stored), nItems);
    for (const query of queries)
      for (const known of [support, null])
        expect(opened.scores(query, known)).toEqual(ruled.mixture.scores(query, known));
    expect(stored.description.stack?.weights).toHaveLength(4);
    expect(ruled.fitted.shares.map((share) => share.name)).toEqual([name, "seen, seen recently, seen often"]);
  });

  it("raises items that the person has seen, where validation people come back to them", () => {
    const { mixture, fitted } = withSeenRule(scorer, train, validation);
    const [, rule] = fitted.shares;
    expect(rule?.lossWithout as number).toBeGreaterThanOrEqual(fitted.loss);
    const share = (values: ArrayLike<number>) => values[3]! + values[4]!;
    const plain = Array.from(expertOfScorer(scorer).logProbabilities([2], support), Math.exp);
    expect(share(mixture.scores([2], support))).toBeGreaterThan(share(plain));
  });

  it("has an expert with probabilities in the order of the scores", () => {
    for (const query of queries) {
      const log = expertOfScorer(scorer).logProbabilities(query, support);
      expect(Array.from(log, Math.exp).reduce((sum, p) => sum + p)).toBeCloseTo(1, 9);
      const scores = scorer.scores(query, support);
      const last = query.at(-1);
      // The last item has the score 0 and, for a count model, a small probability.
      for (let a = 0; a < nItems; a++)
        for (let b = 0; b < nItems; b++)
          if (a !== last && b !== last && scores[a]! > scores[b]!) expect(log[a]!).toBeGreaterThan(log[b]!);
    }
  });
});

it("a stored stack of a method that this version does not know is refused by its name", () => {
  const { description, tensors } = storeSeenRule(withSeenRule(markov(train, nItems), train, validation));
  const later = { ...description, parts: [{ ...description.parts[0]!, method: "later" }] };
  expect(() => openCounts("m", { description: later, tensors }, nItems)).toThrow(/method.*later/s);
});
