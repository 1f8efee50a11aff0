import { describe, expect, test } from "vitest";
import { metricNames } from "../ranking.js";
import { parseFile, type Results, resultsSchema } from "./index.js";

function results(): Results {
  const metrics = Object.fromEntries(metricNames.map((name) => [name, { value: 0.5, low: 0.4, high: 0.6 }]));
  return {
    schema: "kshot.results/1",
    algorithm: "markov",
    k: 5,
    q: 10,
    config: {},
    data: { fingerprint: "0".repeat(64), items: ["a", "b"], people: { train: 1, val: 1, test: 1 } },
    evaluations: [
      {
        split: "test",
        window: "first",
        k: 5,
        steps: 0,
        metrics: metrics as Results["evaluations"][number]["metrics"],
        people: { user: ["ada"], historyLength: [5], queries: [[{ label: 1, seen: false, higher: 0, tied: 1 }]] },
      },
    ],
    history: { iteration: [], metaLoss: [], validation: [], alpha: {} },
    alpha: {},
    test: { opened: 1 },
    volatile: {
      runId: "r",
      runTag: "20260101_000000",
      createdAt: "2026-01-01T00:00:00Z",
      command: "kshot train",
      paths: {},
      host: {},
      engine: "none",
      build: "",
      workers: 1,
      secondsPerIteration: [],
    },
  };
}

test("a minimal file is read back unchanged", () => expect(resultsSchema.parse(results())).toEqual(results()));

describe("refused", () => {
  const refused = (change: (file: Results & Record<string, unknown>) => void, message: RegExp) => {
    const file = results() as Results & Record<string, unknown>;
    change(file);
    expect(() => parseFile(resultsSchema, file, "r.json")).toThrow(
      expect.objectContaining({ code: "DATA", message: expect.stringMatching(message) }),
    );
  };

  test("an extra key", () => refused((file) => void (file.createdAt = "now"), /createdAt/));
  test("an extra key below", () => refused((file) => void Object.assign(file.data, { host: "x" }), /data: .*host/));
  test("an extra metric", () =>
    refused((file) => void Object.assign(file.evaluations[0]!.metrics, { auc: 1 }), /metrics: .*auc/));
  test("another version", () => refused((file) => void Object.assign(file, { schema: "kshot.results/2" }), /schema: /));
  test("a metric that is missing", () =>
    refused((file) => void delete (file.evaluations[0]!.metrics as Record<string, unknown>).mrr, /metrics\.mrr: /));
  test("a metric above one", () =>
    refused((file) => void (file.evaluations[0]!.metrics.mrr.value = 1.5), /metrics\.mrr\.value: /));
  test("a NaN loss", () => refused((file) => void file.history.metaLoss.push(Number.NaN), /history\.metaLoss\.0: /));
  test("no volatile part", () => refused((file) => void delete (file as Partial<Results>).volatile, /volatile: /));
});
