import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { temporaryFolder, writeEvents } from "./kshot.js";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** A space without network interfaces, also without the loopback; some containers do not allow it. */
const alone = ["unshare", "--map-root-user", "--net"] as const;
const allowed = spawnSync(alone[0], [...alone.slice(1), "true"]).status === 0;

it.skipIf(!allowed)("prepare, train, evaluate, recommend and report work without any network interface", () => {
  const folder = temporaryFolder();
  writeEvents(join(folder, "events.csv"));
  const settings = {
    algorithms: ["markov", "gru", "meta-sgd"],
    gru_config: { embedding_dim: 4, hidden_dim: 6 },
    gru_training: { max_epochs: 1 },
    metasgd_config: { num_meta_iterations: 2, meta_batch_size: 2 },
  };
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
  const { INIT_CWD: _, npm_lifecycle_event: __, ...env } = process.env;
  const kshot = (...args: string[]) => {
    const command = [...alone.slice(1), process.execPath, main, ...args];
    const done = spawnSync(alone[0], command, { cwd: folder, encoding: "utf8", env });
    expect(done.status, done.stderr).toBe(0);
    return done.stdout;
  };
  kshot("prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "data");
  kshot("train", "--data", "data", "--config", "settings.json", "--out", "runs");
  const run = join("runs", "reports", "kshot", readdirSync(join(folder, "runs", "reports", "kshot"))[0]!);
  kshot("evaluate", "--model", run, "--data", "data", "--steps", "0,1");
  expect(kshot("recommend", "--model", run, "--history", "course-1", "--top", "3")).toMatch(/course-/);
  kshot("report", run, "--out", "page.html");
});
