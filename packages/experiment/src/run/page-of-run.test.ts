import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DataSet, RunOfPage } from "@kshot/contract";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TrainingCourse } from "../algorithms/index.js";
import { resolveConfig } from "../config/index.js";
import { PageOfRun } from "./page-of-run.js";
import type { OpenRun } from "./start-run.js";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "kshot-page-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const people = { users: ["ada"], label: Int32Array.of(0) };
const data = {
  ...{ items: ["a", "b"], k: 5, q: 10, fingerprint: "a".repeat(64) },
  ...{ train: { pairs: people }, val: { pairs: people }, test: { pairs: people } },
} as unknown as DataSet;
const metrics = { "accuracy@1": 0.1, "recall@5": 0.2, "recall@10": 0.3, "ndcg@10": 0.2, mrr: 0.2 };

/** A run whose clock is set by the test; its page is the JSON of what it was made of. */
function started() {
  const clock = { seconds: 0 };
  const opened: string[] = [];
  const run = {
    ...{ directory, dataDir: directory, name: "kshot", project: directory },
    identity: { runId: "1", runTag: "20260101_000000", createdAt: "2026-01-01T00:00:00Z" },
    config: resolveConfig({ preset: "demo", flags: { algorithms: ["gru", "maml"] } }),
  } as unknown as OpenRun;
  const page = new PageOfRun(
    run,
    data,
    {
      circumstances: {
        seconds: () => clock.seconds,
        now: () => new Date("2026-01-01T00:00:10Z"),
        newId: () => "",
        command: "kshot train",
        host: {},
      },
      progress: () => {},
      lock: { stillHeld: async () => {} },
      page: (results, _, state) => [JSON.stringify({ results: results.map((one) => one.results), state })],
      onPage: (file) => opened.push(file),
      resumeCommand: (name) => `kshot train --resume ${name}`,
    },
    ["gru", "maml"],
  );
  return { page, clock, opened };
}

interface Written {
  readonly results: { readonly algorithm: string; readonly history: { readonly validation: unknown[] } }[];
  readonly state?: RunOfPage;
}
const written = (): Written => JSON.parse(readFileSync(join(directory, "report.html"), "utf8"));
const course = (done: number, total: number, validations: number): TrainingCourse => ({
  history: {
    ...{ iteration: [done], metaLoss: [1], alpha: {} },
    validation: Array.from({ length: validations }, (_, i) => ({ iteration: i, metrics })),
  },
  ...{ secondsPerIteration: [], done, total },
});

describe("the page of a run", () => {
  it("is there from the first validation on, with the curves so far, the algorithm in training, and the time left", async () => {
    const { page, clock, opened } = started();
    page.begin("gru");
    expect(existsSync(join(directory, "report.html"))).toBe(false);
    await page.validated(course(0, 100, 1));
    expect(written().state).toMatchObject({ state: "running", algorithm: "Plain GRU", done: 0, secondsLeft: null });
    clock.seconds = 10;
    await page.validated(course(20, 100, 2));
    const { results, state } = written();
    expect(results.map(({ algorithm, history }) => [algorithm, history.validation.length])).toEqual([["gru", 2]]);
    expect(state).toMatchObject({ done: 20, total: 100, secondsLeft: 40, every: 10, waiting: ["MAML"], finished: [] });
    // It is opened once.
    expect(opened).toEqual([join(directory, "report.html")]);
  });

  it("is not written more often than every two seconds", async () => {
    const { page, clock } = started();
    page.begin("gru");
    await page.validated(course(0, 100, 1));
    clock.seconds = 1;
    await page.validated(course(1, 100, 2));
    expect(written().state?.done).toBe(0);
    clock.seconds = 2;
    await page.validated(course(2, 100, 3));
    expect(written().state?.done).toBe(2);
  });

  it("says that the run was stopped, with the command that continues it; a run without a page gets none", async () => {
    const { page } = started();
    page.begin("gru");
    await page.stopped();
    expect(existsSync(join(directory, "report.html"))).toBe(false);
    await page.validated(course(5, 100, 1));
    await page.stopped();
    expect(written().state).toMatchObject({
      state: "stopped",
      done: 5,
      resume: "kshot train --resume kshot/20260101_000000",
    });
  });

  it("is at the end a page of the results, without a state", async () => {
    const { page } = started();
    page.begin("gru");
    await page.validated(course(5, 100, 1));
    expect(await page.write([])).toBe(join(directory, "report.html"));
    expect(written()).toEqual({ results: [] });
  });
});
