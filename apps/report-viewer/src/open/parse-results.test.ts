import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pageWithResults, resultsInPage } from "../index.js";
import { csvOf } from "../paper/text-tables.js";
import { exampleResults } from "./example.js";
import { checkResults, parseResults } from "./parse-results.js";
import { refusal } from "./refusal.js";
import { whyNotJson } from "./why-not-json.js";

const good = JSON.stringify(exampleResults()[1]);
// biome-ignore lint/suspicious/noExplicitAny: what is broken on purpose has no type
const changed = (change: (results: any) => void) => {
  const results = JSON.parse(good);
  change(results);
  return JSON.stringify(results);
};

it("reads what kshot writes, and algorithms that come later", () => {
  expect(parseResults("a.json", good)).toMatchObject({ ok: true, results: { algorithm: "meta-sgd" } });
  const later = changed((r) => {
    r.algorithm = "imaml";
  });
  expect(parseResults("a.json", later)).toMatchObject({ ok: true, results: { algorithm: "imaml" } });
});

it.each([
  ["empty", "", /the file is empty/],
  ["text", "hello", /is not JSON: it begins with "hello"/],
  ["a picture", "\x89PNG\r\n", /is not JSON: it begins with "·PNG/],
  ["a comma too many", '{"a":1,}', /is not JSON \(/],
  ["cut off", good.slice(0, good.length / 2), /truncated file/],
  ["NaN", good.replace(/"metaLoss":\[[\d.]+/, '"metaLoss":[NaN'), /holds NaN/],
  ["a list", "[1]", /holds a list/],
  ["other JSON", '{"a":1}', /without a `schema`, not a results file/],
  ["another kind", '{"schema":"kshot.comparison/1"}', /of the kind "kshot.comparison\/1"/],
  [
    "newer",
    changed((r) => {
      r.schema = "kshot.results/2";
    }),
    /newer kind \(kshot.results\/2\)/,
  ],
  [
    "older",
    changed((r) => {
      r.schema = "kshot.results/0";
    }),
    /older kind/,
  ],
  [
    "missing part",
    changed((r) => {
      delete r.history;
    }),
    /at history/,
  ],
  [
    "a share above 1",
    changed((r) => {
      r.evaluations[1].metrics.mrr.value = 3;
    }),
    /at evaluations.1.metrics.mrr.value/,
  ],
  [
    "an invalid query",
    changed((r) => {
      r.evaluations[0].people.queries[3][2].higher = "one";
    }),
    /evaluations.0.people: a query of person 3/,
  ],
  [
    "lists that do not match",
    changed((r) => {
      r.evaluations[0].people.user.pop();
    }),
    /119 users, 120 history lengths/,
  ],
  [
    "no list of evaluations",
    changed((r) => {
      r.evaluations = {};
    }),
    /at evaluations: expected a list/,
  ],
])("says what is wrong: %s", (_, text, message) => {
  const parsed = parseResults("file.json", text);
  expect(parsed.ok).toBe(false);
  expect(parsed).toMatchObject({ problem: expect.stringMatching(message) });
  expect(parsed).toMatchObject({ problem: expect.stringMatching(/^file\.json:? \w/) });
});

it.each([
  ["hello", "hello"],
  ["a comma too many", '{"a":1,}'],
  ["a name without quotes", "{schema: 1}"],
])("does not report another mistake as a truncated file: %s", (_, text) => {
  const parsed = parseResults("file.json", text);
  expect(parsed).toMatchObject({ problem: expect.not.stringMatching(/ends in the middle/) });
});

describe("whyNotJson", () => {
  it.each([
    ["NaN", "[NaN]", /holds NaN/],
    ["Infinity below 0", "[-Infinity]", /holds NaN/],
    ["NaN on a later line", "{\n[NaN]", /is not JSON \(line 2, column 1: "\[NaN\]"\)/],
    ["cut off", '{"a":[1', /ends in the middle, like a truncated file \(line 1, column 8: the end of the file\)/],
    ["NaN in a name, far from the mistake", '["to, NaN", oops]', /is not JSON \(line 1, column 13: "oops\]"\)/],
    ["a comma too many", '{\n  "a": 1,\n}', /is not JSON \(line 3, column 1: "}"\)/],
  ])("%s", (_, text, expected) => {
    expect(whyNotJson(text)).toMatch(expected);
  });
});

describe("a large file is refused by its beginning and end, before it is read completely", () => {
  const size = 140 * 2 ** 20;
  it.each([
    ["other JSON", '{"a":[1,2', "3]}", /without a `schema`/],
    ["another kind", '{"schema":"kshot.comparison/1","x":', "3}", /of the kind/],
    ["newer", '{"schema":"kshot.results/9","x":', "3}", /newer kind/],
    ["cut off", '{"schema":"kshot.results/1","x":', "3,", /truncated file/],
    ["text", "this is a text file", "end", /is not JSON: it begins/],
  ])("%s", (_, head, tail, message) => {
    expect(refusal(head, tail, size)).toMatch(message);
  });

  it("and ours is not", () => {
    expect(refusal('{\n  "schema": "kshot.results/1",', "}\n", size)).toBeNull();
    expect(refusal('{"title":"\\"schema\\":\\"kshot.results/1"', "}\n", 1000)).toBeNull();
  });
});

it("results inside a page cannot leave their element", () => {
  const page = '<p></p><script type="application/json" id="kshot-data"></script><p></p>';
  const hostile = { name: "</script><script>alert(1)</script><!--", line: "\u2028" };
  const whole = pageWithResults(page, [hostile]);
  // One element of the shared lists, one of the result.
  expect(whole.match(/<\/script>/g)).toHaveLength(2);
  expect(whole).not.toContain("<!--");
  expect(resultsInPage(whole)).toEqual([hostile]);
  expect(() => pageWithResults("<p>", [])).toThrow(/no element/);
});

it("CSV quotes what needs it, and no cell is a formula", () => {
  expect(
    csvOf({
      head: ["a", "b"],
      rows: [
        ['say "x", y', "=1+1"],
        ["+0.5", "−0.25"],
        ["-cmd|'/c'!A1", "1.0e-4 to 1.3e−4"],
        [-0.5, 1e-7],
      ],
    }),
  ).toBe(`a,b\r\n"say ""x"", y", =1+1\r\n+0.5,-0.25\r\n -cmd|'/c'!A1,1.0e-4 to 1.3e-4\r\n-0.5,1e-7`);
});

/** Results of two people without learned rates: a failing case can be read. */
const small = changed((r) => {
  r.alpha = {};
  r.history = { ...r.history, alpha: {} };
  for (const { people } of r.evaluations) for (const key of Object.keys(people)) people[key] = people[key].slice(0, 2);
});

/** A value of JSON with one of its parts replaced by another, or removed. */
const oneChange = fc
  .tuple(fc.infiniteStream(fc.nat(1000)), fc.oneof(fc.jsonValue(), fc.constant(undefined)))
  .map(([draws, other]) => {
    const copy = JSON.parse(small) as Record<string, unknown>;
    let at = copy;
    for (;;) {
      const keys = Object.keys(at);
      const key = keys[draws.next().value % keys.length]!;
      const below = at[key] as Record<string, unknown> | null;
      if (typeof below === "object" && below !== null && Object.keys(below).length > 0 && draws.next().value % 6 > 0) {
        at = below;
        continue;
      }
      if (other === undefined) delete at[key];
      else at[key] = other;
      return JSON.parse(JSON.stringify(copy)) as unknown;
    }
  });

it("any JSON, and results with any one part changed, are results or a paragraph with the name of the file", () => {
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), { weight: 9, arbitrary: oneChange }), (value) => {
      const before = JSON.stringify(value);
      const read = checkResults("a.json", value);
      seen.add(read.ok);
      expect(JSON.stringify(value)).toBe(before);
      if (read.ok)
        for (const { people } of read.results.evaluations) expect(people.queries).toHaveLength(people.user.length);
      else expect(read.problem).toMatch(/^a\.json:? .*\.$/s);
      // The same as text.
      expect(parseResults("a.json", before).ok).toBe(read.ok);
    }),
    { numRuns: 300, examples: [[JSON.parse(small)]] },
  );
  expect(checkResults("a.json", JSON.parse(small))).toMatchObject({ ok: true });
  expect(seen).toEqual(new Set([true, false]));
});

it("any text is results or a paragraph with the name of the file", () => {
  const piece = fc.nat(good.length).chain((start) => fc.nat(200).map((length) => good.slice(start, start + length)));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        piece,
        piece.map((text) => `{"schema":"kshot.results/1",${text}`),
      ),
      (text) => {
        expect(parseResults("a.json", text)).toMatchObject({
          ok: false,
          problem: expect.stringMatching(/^(a\.json|the ).*/s),
        });
      },
    ),
    { numRuns: 300 },
  );
});

it("leaves out evaluations without people", () => {
  const file = structuredClone(exampleResults()[1]) as { evaluations: { people: Record<string, unknown> }[] };
  const all = file.evaluations.length;
  file.evaluations[0]!.people = { user: [], historyLength: [], queries: [] };
  const read = checkResults("x", file);
  expect(read.ok && read.results.evaluations).toHaveLength(all - 1);
});
