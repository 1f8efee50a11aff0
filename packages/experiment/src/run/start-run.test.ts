import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { configSchema } from "@kshot/contract/schemas";
import { listRuns, openProject, readJsonFile, withFolderHeld } from "@kshot/store";
import { expect, it } from "vitest";
import { circumstances, temporaryFolder, tinyConfig } from "../../test/tiny.js";
import { startRun } from "./start-run.js";

const folder = temporaryFolder();

it("a run has its config.json before it is in the registry, so that it can be continued after any stop", async () => {
  const project = join(folder, "project");
  await openProject(project);
  const reports = join(project, "reports", "trial");
  const config = tinyConfig({ algorithms: ["markov"] });
  let started: ReturnType<typeof startRun> | undefined;
  // The run waits for the registry, as behind another process that writes it.
  await withFolderHeld(project, "meta.json", async () => {
    started = startRun({
      project,
      name: "trial",
      config,
      dataDir: join(folder, "data"),
      circumstances: circumstances(),
    });
    started.catch(() => {});
    const written = () =>
      existsSync(reports) && readdirSync(reports).some((tag) => existsSync(join(reports, tag, "config.json")));
    for (let tries = 0; tries < 200 && !written(); tries++) await sleep(10);
    expect(written()).toBe(true);
    expect(await listRuns(project)).toEqual([]);
  });
  const { directory, identity } = await started!;
  expect((await listRuns(project)).map(({ run_id }) => run_id)).toEqual([identity.runId]);
  expect(await readJsonFile(join(directory, "config.json"), configSchema)).toMatchObject({ algorithms: ["markov"] });
});
