import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { keptFolder, kshot, writeEvents } from "./kshot.js";

const folder = keptFolder();
const settings = {
  algorithms: ["markov", "meta-sgd"],
  metrics: ["recall@3"],
  gru_config: { embedding_dim: 4, hidden_dim: 6 },
  metasgd_config: { num_meta_iterations: 4, meta_batch_size: 2, eval_interval: 2, checkpoint_interval: 2 },
};
/** An id that is in no other text of the files. */
const id = "learner-of-the-test";

beforeAll(async () => {
  writeEvents(join(folder, "named.csv"));
  const events = readFileSync(join(folder, "named.csv"), "utf8").replaceAll(/^u(\d+),/gm, `${id}-$1,`);
  writeFileSync(join(folder, "events.csv"), events);
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
  const prepare = ["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "data-folder"];
  expect((await kshot(prepare, folder)).status).toBe(0);
  for (const [out, ...flags] of [["plain"], ["hidden", "--anonymous"]]) {
    const train = ["train", "--data", "data-folder", "--config", "settings.json", "--out", out!, ...flags];
    const done = await kshot(train, folder);
    expect(done.status, done.stderr).toBe(0);
  }
});

const runOf = (project: string) => {
  const home = join(folder, project, "reports", "kshot");
  return join(home, readdirSync(home)[0]!);
};
const text = (project: string, file: string) => readFileSync(join(runOf(project), file), "utf8");
const shared = ["report.html", "report.json", "results/markov_K5_Q10.json", "results/metasgd_K5_Q10.json"];

it("results and page name no person, no folder and no command with --anonymous; without it they do, as the docs say", () => {
  for (const file of shared) {
    const [plain, hidden] = [text("plain", file), text("hidden", file)];
    if (file !== "report.json") expect(plain).toContain(id);
    expect(hidden, file).not.toContain(id);
    expect(hidden, file).not.toContain("events.csv");
    // report.json lists the run's own files by their paths, as config.json and manifest.json do.
    if (file !== "report.json") expect(hidden, file).not.toContain("data-folder");
    expect(hidden, file).not.toContain("kshot train --data");
  }
});

it("holds ranks alone of a person, and every figure stays the same", () => {
  for (const file of shared.slice(2)) {
    const [plain, hidden] = [text("plain", file), text("hidden", file)].map((json) => JSON.parse(json));
    expect(hidden).toMatchObject({ anonymous: true, volatile: { command: "", paths: {} } });
    expect(hidden.clicks).toBeUndefined();
    expect(hidden.evaluations.length).toBe(plain.evaluations.length);
    for (const [i, { people, metrics, moreMetrics }] of hidden.evaluations.entries()) {
      expect(metrics).toEqual(plain.evaluations[i].metrics);
      expect(Object.keys(people).sort()).toEqual(["historyLength", "queries", "user"]);
      expect(people.user).toEqual(people.user.map((_: string, p: number) => `person ${p + 1}`));
      expect(people.queries.flat().every((query: { label: number }) => query.label === 0)).toBe(true);
      const ranks = ({ queries }: typeof people) => queries.flat().map(({ label, ...rank }: { label: number }) => rank);
      expect(ranks(people)).toEqual(ranks(plain.evaluations[i].people));
      expect(moreMetrics?.["recall@3"]?.value).toBe(plain.evaluations[i].moreMetrics?.["recall@3"]?.value);
    }
  }
});

it("anonymous results are sound and are compared as the others are", async () => {
  const plain = await kshot(["compare", runOf("plain")], folder);
  const hidden = await kshot(["compare", runOf("hidden")], folder);
  expect(hidden.status, hidden.stderr).toBe(0);
  // The test people of the data were evaluated by the first run, then by the second.
  expect(hidden.stdout).toBe(plain.stdout.replaceAll("were evaluated once", "were evaluated 2 times"));
  expect((await kshot(["inspect", runOf("hidden")], folder)).status).toBe(0);
});

it("evaluate --out does not replace results of train --anonymous, in their run or copied out of it", async () => {
  const inRun = join(runOf("hidden"), "results", "metasgd_K5_Q10.json");
  const copied = join(folder, "copied.json");
  copyFileSync(inRun, copied);
  const before = readFileSync(inRun, "utf8");
  const model = join(runOf("hidden"), "models", "metasgd", "metasgd_gru_K5.safetensors");
  for (const file of [inRun, copied]) {
    const flags = ["--data", "data-folder", "--split", "val", "--steps", "0", "--out", file];
    const done = await kshot(["evaluate", "--model", model, ...flags], folder);
    expect(done.status).toBe(2);
    expect(done.stderr).toContain("a file of another kind than this command writes");
    expect(readFileSync(file, "utf8")).toBe(before);
  }
  const twice = ["--data", "data-folder", "--split", "val", "--steps", "0", "--anonymous", "--out", "again.json"];
  for (const _ of [1, 2]) expect((await kshot(["evaluate", "--model", model, ...twice], folder)).status).toBe(0);
});

it("report --anonymous and evaluate --anonymous do the same; a resumed run stays anonymous", async () => {
  const report = ["report", runOf("plain"), "--anonymous", "--out", "page.html"];
  expect((await kshot(report, folder)).status).toBe(0);
  const page = readFileSync(join(folder, "page.html"), "utf8");
  for (const word of [id, "events.csv", "data-folder", "kshot train --data", folder]) expect(page).not.toContain(word);
  const flags = ["--data", "data-folder", "--steps", "0,1", "--swap", "--first-k", "0,1", "--out", "evaluated.json"];
  const model = join(runOf("plain"), "models", "metasgd", "metasgd_gru_K5.safetensors");
  const done = await kshot(["evaluate", "--model", model, ...flags, "--anonymous"], folder);
  expect(done.status, done.stderr).toBe(0);
  expect(readFileSync(join(folder, "evaluated.json"), "utf8")).not.toContain(id);
  for (const file of ["manifest.json", "results/metasgd_K5_Q10.json"]) rmSync(join(runOf("hidden"), file));
  const resumed = await kshot(["train", "--resume", "--out", "hidden"], folder);
  expect(resumed.status, resumed.stderr).toBe(0);
  for (const file of shared) expect(text("hidden", file)).not.toContain(id);
});
