import { join } from "node:path";
import { expect, it } from "vitest";
import { circumstances, recorded, temporaryFolder, tinyCampus, tinyConfig, withoutVolatile } from "../../test/tiny.js";
import type { ProgressEvent } from "../progress.js";
import { resumeTraining, train } from "./train.js";

const folder = temporaryFolder();

it("numbers of iterations follow the train people, are told, stored, and the same after a stop", async () => {
  const { dataDir, data } = await tinyCampus(folder, [0.6, 0.2, 0.2], 240);
  const people = new Set(data.train.episodes.user).size;
  const settings = { num_meta_iterations: 200, eval_interval: 50, eval_epochs: 1, meta_batch_size: 8, patience: 0 };
  const config = tinyConfig({ algorithms: ["maml"], metasgd_config: settings });
  const run = (name: string, progress: (event: ProgressEvent) => void, signal?: AbortSignal) =>
    train({
      ...{ config, dataDir, project: join(folder, "project"), name, circumstances: circumstances(), progress },
      ...(signal === undefined ? {} : { signal }),
    });
  const interval = Math.max(10, Math.ceil(people / 8));
  expect(interval).toBeLessThan(50);
  const told = recorded();
  const whole = await run("whole", told.progress);
  const [result] = whole.results;
  const { config: stored, history } = result!;
  expect(stored.metasgd_config).toMatchObject({ eval_interval: interval, num_meta_iterations: 4 * interval });
  expect(history.validation.map(({ iteration }) => iteration)).toEqual([0, 1, 2, 3, 4].map((i) => i * interval));
  const texts = told.events.flatMap((event) => ("text" in event ? [event.text] : []));
  expect(texts.join("\n")).toMatch(
    new RegExp(
      `a validation every ${interval} iterations \\(.* over ${people} people\\), at most ${4 * interval} iterations`,
    ),
  );

  const stop = new AbortController();
  const stopped = run(
    "stopped",
    (event) => {
      if (event.type === "step" && event.stage === "MAML" && event.done === interval + 3) stop.abort();
    },
    stop.signal,
  );
  await expect(stopped).rejects.toMatchObject({ code: "INTERRUPTED" });
  const ended = await resumeTraining({
    ...{ project: join(folder, "project"), circumstances: circumstances(), progress: () => {} },
  });
  expect(ended.results.map(withoutVolatile)).toEqual(whole.results.map(withoutVolatile));
});
