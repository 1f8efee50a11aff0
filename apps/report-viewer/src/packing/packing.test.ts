import { anonymousResults, type ComparableResults } from "@kshot/comparison";
import { describe, expect, it } from "vitest";
import { resultSets } from "../../test/result-sets.js";
import { pageWithResults, resultsInPage } from "../index.js";
import { exampleResults } from "../open/example.js";
import { checkResults } from "../open/parse-results.js";
import { pack } from "./pack.js";
import { isUnpacked, unpack } from "./unpack.js";

const place = '<div id="app"></div><script type="application/json" id="kshot-data"></script>';
const sets = { ...resultSets, example: () => exampleResults().map((results) => ({ name: "", results })) };

describe("results in a page", () => {
  it.each(Object.entries(sets))("are the same when they are read: %s", (_, make) => {
    const values = (make() as { results: unknown }[]).map(({ results }, i) =>
      i % 2 === 0 ? results : { label: "run", results },
    );
    expect(resultsInPage(pageWithResults(place, values))).toEqual(values);
  });

  it("are written once where they are equal", () => {
    const [, one] = exampleResults();
    const size = (count: number) =>
      pageWithResults(
        place,
        Array.from({ length: count }, () => one),
      ).length;
    const plain = JSON.stringify(one).length;
    expect(size(2) - size(1)).toBeLessThan(0.45 * plain);
    expect(pageWithResults(place, [one, one, one]).match(/Example course 7"/g)).toHaveLength(1);
  });

  it("have another form kept, and are checked", () => {
    const odd = [{ name: "x" }, 3, null, { evaluations: [{ people: { queries: [[{ label: 1 }]] } }] }];
    expect(resultsInPage(pageWithResults(place, odd))).toEqual(odd);
    const { head, results } = pack([exampleResults()[1]]);
    const read = unpack(head, results[0]) as ComparableResults;
    expect(isUnpacked(read.evaluations[0]!.people)).toBe(true);
    expect(checkResults("x", read).ok).toBe(true);
    const broken = structuredClone(results[0]) as { evaluations: { people: { queries: { higher: number[] } } }[] };
    broken.evaluations[0]!.people.queries.higher.pop();
    expect(() => unpack(head, broken)).toThrow(/do not fit/);
    expect(() => unpack({ packed: 1, lists: [] }, results[0])).toThrow(/is missing/);
  });
});

describe("the answer before any script", () => {
  it("has the words of the page, as text", () => {
    const page = pageWithResults(place, exampleResults());
    expect(page).toMatch(/<div id="app"><main class="early">.*<p class="headline">Adapt\? Yes\.<\/p>/);
    expect(page.indexOf("Adapt?")).toBeLessThan(page.indexOf("kshot-data"));
  });

  it("is left out of a page without evaluations", () => {
    expect(pageWithResults(place, [])).toContain('<div id="app"></div>');
    expect(pageWithResults(place, [{ nothing: 1 }])).toContain('<div id="app"></div>');
  });
});

it("a page without people has no names, histories, lists or answers, and the same figures", () => {
  const all = exampleResults() as ComparableResults[];
  const [plain, learner] = anonymousResults(all);
  const text = JSON.stringify([plain, learner]);
  expect(text).not.toMatch(/"(history":\[\[|top|before|labels)"/);
  for (const [i, { evaluations }] of [plain!, learner!].entries())
    for (const [e, { people, metrics }] of evaluations.entries()) {
      const before = all[i]!.evaluations[e]!;
      expect(metrics).toEqual(before.metrics);
      expect(people.queries.flat().map(({ higher, seen }) => [higher, seen])).toEqual(
        before.people.queries.flat().map(({ higher, seen }) => [higher, seen]),
      );
      expect(people.queries.flat().every(({ label }) => label === 0)).toBe(true);
      expect(people.user).toEqual(before.people.user.map((_, p) => `person ${p + 1}`));
    }
  const renamed = structuredClone(all[0]!);
  renamed.evaluations[0]!.people.user[0] = "Ada Lovelace";
  expect(JSON.stringify(anonymousResults([renamed]))).not.toContain("Lovelace");
});
