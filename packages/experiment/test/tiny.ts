import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DataSet } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import { campusVersion } from "@kshot/episodes";
import { afterAll } from "vitest";
import type { RunCircumstances } from "../src/circumstances.js";
import { resolveConfig, type Settings } from "../src/config/index.js";
import { prepareFolder, readCampus, synthFolder } from "../src/data/index.js";
import type { ProgressEvent } from "../src/progress.js";

/** A folder that is removed after the file's tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "kshot-experiment-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A data folder of a campus of 60 people, or `users`, and 40 courses, K = 2 and Q = 3, and what it holds. */
export async function tinyCampus(
  folder: string,
  split: readonly [number, number, number] = [0.5, 0.25, 0.25],
  users = 60,
): Promise<{ dataDir: string; data: DataSet }> {
  const suffix = split[0] === 1 ? "-everyone" : "";
  const events = join(folder, `events${suffix}`);
  const dataDir = join(folder, `data${suffix}`);
  await synthFolder({ directory: events, campus: { users, items: 40, dataSeed: 5 } }, () => {});
  const campus = await readCampus(join(events, "campus.json"));
  const prepared = await prepareFolder(
    {
      directory: dataDir,
      inputs: [join(events, "events.csv")],
      columns: { user: "user", item: "item", time: "time" },
      sessionGap: 1800,
      maxPrefix: 50,
      split,
      k: 2,
      q: 3,
      dataSeed: 5,
      titles: { file: join(events, "items.csv"), id: "item", name: "title" },
      describe: { campus: { ...campus, version: campusVersion } },
    },
    () => {},
  );
  return { dataDir, data: prepared.data };
}

/** Settings of trainings that take a fraction of a second. */
export function tinyConfig(settings: Settings = {}): Config {
  return resolveConfig({
    file: {
      path: "tiny.json",
      content: {
        ...{ K: 2, Q: 3, seed: 3, workers: 1 },
        gru_config: { embedding_dim: 4, hidden_dim: 5 },
        gru_training: { max_epochs: 2, batch_size: 64 },
        metasgd_config: {
          ...{ num_meta_iterations: 4, meta_batch_size: 4, eval_interval: 2, log_interval: 2, checkpoint_interval: 2 },
          ...{ num_inner_steps: 2, inner_lr_init: 0.05 },
        },
        finetune_config: { rates: [0.05], max_steps: 2, adapts: ["all", "output-bias"] },
      },
    },
    flags: settings,
  });
}

/** Ids that were given out. */
let ids = 0;

/** Time and ids that a test decides: a clock that moves a millisecond each time it is asked. */
export function circumstances(): RunCircumstances {
  let ticks = 0;
  return {
    now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, ids)),
    seconds: () => ++ticks / 1000,
    newId: () => `${++ids}`.padStart(32, "0"),
    command: "a test",
    host: { node: "test" },
  };
}

/** Progress that is kept. */
export function recorded(): { events: ProgressEvent[]; progress: (event: ProgressEvent) => void } {
  const events: ProgressEvent[] = [];
  return { events, progress: (event) => void events.push(event) };
}

/** Results without what may differ between equal runs: `volatile`, and how often the test people had been evaluated. */
export function withoutVolatile<T extends { volatile: unknown; test: unknown }>({
  volatile: _,
  test: __,
  ...rest
}: T): Omit<T, "volatile" | "test"> {
  return rest;
}
