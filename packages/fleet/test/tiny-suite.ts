import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Suite } from "@kshot/contract/schemas";
import { campusVersion } from "@kshot/episodes";
import { prepareFolder, type RunCircumstances, readCampus, synthFolder } from "@kshot/experiment";
import { afterAll } from "vitest";

/** A folder that is removed after the file's tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "kshot-fleet-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A data folder of a campus of 60 people and 40 courses, K = 2 and Q = 3. */
export async function tinyData(folder: string): Promise<string> {
  const events = join(folder, "events");
  const directory = join(folder, "data");
  await synthFolder({ directory: events, campus: { users: 60, items: 40, dataSeed: 5 } }, () => {});
  const campus = await readCampus(join(events, "campus.json"));
  await prepareFolder(
    {
      ...{ directory, sessionGap: 1800, maxPrefix: 50, split: [0.5, 0.25, 0.25], k: 2, q: 3, dataSeed: 5 },
      inputs: [join(events, "events.csv")],
      columns: { user: "user", item: "item", time: "time" },
      describe: { campus: { ...campus, version: campusVersion } },
    },
    () => {},
  );
  return directory;
}

/** A suite whose runs take a fraction of a second. */
export function tinySuite(more: Partial<Suite> = {}): Suite {
  return {
    ...{ format: "kshot.suite/1", seeds: [1, 2], reference: "gru" },
    settings: {
      ...{ K: 2, Q: 3, workers: 1 },
      gru_config: { embedding_dim: 4, hidden_dim: 5 },
      gru_training: { max_epochs: 2, batch_size: 64 },
      metasgd_config: {
        ...{ num_meta_iterations: 6, meta_batch_size: 4, eval_interval: 2, log_interval: 2, checkpoint_interval: 2 },
        ...{ num_inner_steps: 2, inner_lr_init: 0.05 },
      },
    },
    runs: [
      { name: "sources", algorithms: ["markov", "gru"], settings: {} },
      { name: "learners", algorithms: ["maml"], settings: { metasgd_config: { warm_start: "gru" } } },
    ],
    ...more,
  };
}

let ids = 0;

/** Time and ids for a test. */
export const circumstances: RunCircumstances = {
  now: () => new Date(),
  seconds: () => performance.now() / 1000,
  newId: () => `${++ids}`.padStart(32, "0"),
  command: "a test",
  host: { node: "test" },
};
