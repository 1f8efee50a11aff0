import { readFileSync } from "node:fs";
import { join } from "node:path";
import { manifestSchema, networkSearchSchema, parseFile } from "@kshot/contract/schemas";
import { beforeAll, expect, it } from "vitest";
import { circumstances, recorded, temporaryFolder, tinyCampus, tinyConfig, withoutVolatile } from "../../test/tiny.js";
import type { ProgressEvent } from "../progress.js";
import { resumeTraining, train } from "./train.js";

const folder = temporaryFolder();
let dataDir = "";
beforeAll(async () => {
  ({ dataDir } = await tinyCampus(folder, [0.6, 0.2, 0.2], 240));
});

const size = (embedding_dim: number, hidden_dim: number) => ({
  gru_config: { embedding_dim, hidden_dim },
  gru_training: {},
});
const config = tinyConfig({
  algorithms: ["gru", "gru-context"],
  gru_training: { max_epochs: 12, learning_rate: 0.01, item_dropout: 0 },
  network_search: { budget_minutes: 1, settings: [size(1, 1), size(12, 16), size(2, 3)] },
});
const run = (name: string, progress: (event: ProgressEvent) => void, signal?: AbortSignal) =>
  train({
    ...{ config, dataDir, project: join(folder, "project"), name, circumstances: circumstances(), progress },
    ...(signal === undefined ? {} : { signal }),
  });
const searchOf = (directory: string) => {
  const file = join(directory, "network_search.json");
  return parseFile(networkSearchSchema, JSON.parse(readFileSync(file, "utf8")), file);
};

it("a run searches for its network's size, says its budget and the choice, and trains every network with it; stopped, it continues to the same", async () => {
  const told = recorded();
  const whole = await run("whole", told.progress);
  const search = searchOf(whole.runDir);
  expect(search.tried).toHaveLength(3);
  expect(search.chosen?.setting).toBe(1);
  for (const { config } of whole.results) {
    expect(config.gru_config).toMatchObject({ embedding_dim: 12, hidden_dim: 16 });
  }
  const texts = told.events.flatMap((event) => ("text" in event ? [event.text] : []));
  expect(texts.join("\n")).toMatch(/3 of 3 settings, \d+ train people held out, within about 1 minute/);
  expect(texts.join("\n")).toMatch(/12\/16, MRR .* above the first setting, p .* for 3 settings; .* by chance/);
  const manifest = join(whole.runDir, "manifest.json");
  const { outputs, files } = parseFile(manifestSchema, JSON.parse(readFileSync(manifest, "utf8")), manifest);
  expect(outputs.network_search).toBe("network_search.json");
  expect(Object.keys(files!)).toContain("network_search.json");

  const stop = new AbortController();
  const stopped = run(
    "stopped",
    (event) => {
      if (event.type === "step" && event.stage.startsWith("Network search 2/3")) stop.abort();
    },
    stop.signal,
  );
  await expect(stopped).rejects.toMatchObject({ code: "INTERRUPTED" });
  const ended = await resumeTraining({
    ...{ project: join(folder, "project"), circumstances: circumstances(), progress: () => {} },
  });
  expect(searchOf(ended.runDir)).toEqual(search);
  expect(ended.results.map(withoutVolatile)).toEqual(whole.results.map(withoutVolatile));
});
