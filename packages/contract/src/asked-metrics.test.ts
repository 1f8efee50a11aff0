import { expect, it } from "vitest";
import { askedMetric, listLength } from "./asked-metrics.js";

it.each([
  ["mrr", { name: "mrr", kind: "mrr" }, 0],
  ["recall@20", { name: "recall@20", kind: "recall", k: 20 }, 0],
  ["coverage@10", { name: "coverage@10", kind: "coverage", k: 10 }, 10],
  ["novelty@3", { name: "novelty@3", kind: "novelty", k: 3 }, 3],
])("reads %s", (name, expected, length) => {
  const metric = askedMetric(name);
  expect(metric).toEqual(expected);
  expect(metric && listLength(metric)).toBe(length);
});

it.each(["recall", "recall@0", "recall@-1", "recall@1.5", "mrr@5", "precision@5", "Recall@5", ""])(
  "does not read %j",
  (name) => expect(askedMetric(name)).toBeUndefined(),
);
