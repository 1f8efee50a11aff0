import { describe, expect, it } from "vitest";
import { kept, queries, support, train } from "../test/small-train.js";
import {
  countModelKind,
  fitExperts,
  fitMixture,
  itemKnn,
  markov,
  openCounts,
  popularity,
  recent,
  type StoredScorer,
  sessionKnn,
  storeMixture,
  storeScorer,
} from "./index.js";

const methods: readonly ((pairs: typeof train, nItems: number) => StoredScorer)[] = [
  ...[popularity, recent, markov, itemKnn, sessionKnn],
  (pairs, nItems) => countModelKind("variable-markov").fit(pairs, nItems),
  (pairs, nItems) => countModelKind("ease").fit(pairs, nItems),
  (pairs, nItems) => countModelKind("stan").fit(pairs, nItems, { earlier: 1 }),
];

describe("a stored counting model", () => {
  it.each(methods.map((fit) => fit(train, 8)).map((scorer) => [scorer.name, scorer] as const))(
    "%s gives the same scores as before, bit for bit",
    (name, scorer) => {
      const opened = openCounts(name, kept(storeScorer(scorer)), 8);
      for (const query of queries) {
        expect(opened.scores(query, support)).toEqual(scorer.scores(query, support));
        expect(opened.scores(query, null)).toEqual(scorer.scores(query, null));
      }
      expect(opened.popularity.reduce((a, b) => a + b)).toBe(train.length);
      expect(() => openCounts(name, kept(storeScorer(scorer)), 9)).toThrow(/popularity: 8 items\. Expected 9/);
    },
  );

  it.each([
    ["an offset of billions", "offsets", 1, 2 ** 31 - 1, /markov, markov, tensor (offsets|labels).*Expected/],
    ["a falling offset", "offsets", 2, -5, /tensor offsets, entry 2: -5\. Expected at least/],
    ["offsets that do not begin at 0", "offsets", 0, 1, /tensor offsets, entry 0: 1\. Expected 0/],
    ["another number of entries", "offsets", 8, 1000, /tensor labels: 9 entries\. Expected 1000/],
    ["an item outside the vocabulary", "labels", 3, 8, /tensor labels, entry 3: item 8\. Expected 0 to 7/],
  ])("is refused with %s", (_, tensor, at, value, message) => {
    const damaged = kept(storeScorer(markov(train, 8)));
    damaged.tensors[`markov.${tensor}`]![at] = value;
    expect(() => openCounts("markov", damaged, 8)).toThrow(message);
  });

  it("a stack gives the same scores as before, bit for bit", () => {
    const { mixture } = fitMixture(fitExperts(train, 8), [{ query: [0, 1], support, label: 2 }]);
    const opened = openCounts("mixture", kept(storeMixture(mixture)), 8);
    for (const query of queries) expect(opened.scores(query, support)).toEqual(mixture.scores(query, support));
  });

  it("names a tensor that is missing, and a method that is not known", () => {
    const whole = kept(storeScorer(markov(train, 8)));
    const { "markov.counts": _, ...tensors } = whole.tensors;
    expect(() => openCounts("m", { ...whole, tensors }, 8)).toThrow(/markov, tensor counts: missing/);
    const parts = whole.description.parts.map((part) => ({ ...part, method: "oracle" }));
    expect(() => openCounts("m", { ...whole, description: { parts } }, 8)).toThrow(/m, method: oracle/);
    expect(() => openCounts("m", { ...whole, description: { parts: [] } }, 8)).toThrow(/at least one counting method/);
  });
});
