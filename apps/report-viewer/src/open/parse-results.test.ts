import { expect, it } from "vitest";
import { pageWithResults } from "../index.js";
import { csvOf } from "../view/save.js";
import { exampleResults } from "./example.js";
import { parseResults } from "./parse-results.js";

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
  ["text", "hello", /is not JSON/],
  ["cut off", good.slice(0, good.length / 2), /cut off/],
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
    "a query that is none",
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
  expect(parsed).toMatchObject({ problem: expect.stringMatching(/^file\.json: /) });
});

it("results inside a page cannot leave their element", () => {
  const page = '<p></p><script type="application/json" id="kshot-data"></script><p></p>';
  const hostile = { name: "</script><script>alert(1)</script><!--", line: "\u2028" };
  const whole = pageWithResults(page, [hostile]);
  expect(whole.match(/<\/script>/g)).toHaveLength(1);
  expect(whole).not.toContain("<!--");
  const inside = />(\[.*\])<\/script>/.exec(whole)![1]!;
  expect(JSON.parse(inside)).toEqual([hostile]);
  expect(() => pageWithResults("<p>", [])).toThrow(/no place/);
});

it("CSV quotes what needs it, and no cell is a formula", () => {
  expect(
    csvOf({
      head: ["a", "b"],
      rows: [
        ['say "x", y', "=1+1"],
        ["+0.5", "−0.25"],
      ],
    }),
  ).toBe('a,b\r\n"say ""x"", y", =1+1\r\n+0.5,-0.25');
});
