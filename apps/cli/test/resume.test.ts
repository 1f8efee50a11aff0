import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { kshot, kshotChild, temporaryFolder, writeEvents } from "./kshot.js";

/** Moments that training is stopped at: KSHOT_STOPS=20 for a longer look. */
const stops = Number(process.env.KSHOT_STOPS ?? 3);

const settings = {
  gru_config: { embedding_dim: 6, hidden_dim: 8 },
  gru_training: { max_epochs: 10, batch_size: 8, patience: 10 },
  metasgd_config: { num_meta_iterations: 120, meta_batch_size: 8, eval_interval: 40, checkpoint_interval: 15 },
  algorithms: ["markov", "gru", "maml", "meta-sgd"],
};

async function prepared(): Promise<string> {
  const folder = temporaryFolder();
  writeEvents(join(folder, "events.csv"));
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
  const done = await kshot(["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "data"], folder);
  expect(done.status, done.stderr).toBe(0);
  return folder;
}

/**
 * Everything a finished run holds that may not differ: results without `volatile` and the count of test evaluations, models, learned
 * rates.
 */
function outcome(folder: string, project: string): Record<string, unknown> {
  const reports = join(folder, project, "reports", "kshot");
  const runs = readdirSync(reports).filter((tag) => existsSync(join(reports, tag, "report.json")));
  expect(runs).toHaveLength(1);
  const run = join(reports, runs[0]!);
  const found: Record<string, unknown> = { rates: readFileSync(join(run, "lr_analysis.json"), "utf8") };
  for (const file of readdirSync(join(run, "results"))) {
    const { volatile, test, ...rest } = JSON.parse(readFileSync(join(run, "results", file), "utf8"));
    found[file] = rest;
  }
  for (const id of readdirSync(join(run, "models"))) {
    for (const file of readdirSync(join(run, "models", id)).filter((name) => name.endsWith(".safetensors"))) {
      found[file] = readFileSync(join(run, "models", id, file)).toString("base64");
    }
  }
  return found;
}

it(`is the undisturbed run after ${stops} stops at random moments, by Ctrl-C and SIGKILL in turn`, async () => {
  const folder = await prepared();
  const start = ["train", "--data", "data", "--config", "settings.json", "--out"];
  const began = performance.now();
  const whole = await kshot([...start, "whole"], folder);
  expect(whole.status, whole.stderr).toBe(0);
  const milliseconds = performance.now() - began;
  const expected = outcome(folder, "whole");
  expect(Object.keys(expected)).toContain("metasgd_gru_K5.alpha.safetensors");

  let interrupted = 0;
  for (let i = 0; i < stops; i++) {
    const project = `stopped-${i}`;
    const signal = i % 2 === 0 ? "SIGINT" : "SIGKILL";
    // Spread evenly, in no order; what a moment meets is left to the machine. Every third counts from the start of the process, which
    // may be before there is a run; the others count from the start of the run.
    const moment = Math.round(milliseconds * (0.1 + 0.9 * ((0.3 + 0.618 * i) % 1)));
    const from = i % 3 === 2 ? "process" : "run";
    const { status, stderr } = await stopAfter(folder, [...start, project], signal, from, moment);
    if (status === 0) continue; // It was faster than the moment.
    if (signal === "SIGINT" && status === 130) {
      interrupted++;
      expect(stderr).toMatch(/To continue:\n\n {4}kshot train --resume kshot\/\d{8}_\d{6} --out stopped-\S+\n/);
    }
    const rest = await kshot(["train", "--resume", "--out", project], folder);
    // Killed before there was a run: nothing can be continued, and the message says so.
    if (rest.status === 2 && /no run in/.test(rest.stderr)) {
      expect((await kshot([...start, project], folder)).status).toBe(0);
    } else {
      expect(rest.status, rest.stderr).toBe(0);
    }
    expect(outcome(folder, project), `${signal} ${moment} ms after the start of the ${from}`).toEqual(expected);
  }
  expect(interrupted).toBeGreaterThan(0);
}, 600_000);

it("refuses to continue where it must not", async () => {
  const folder = await prepared();
  const resume = (...flags: string[]) => kshot(["train", "--resume", ...flags], folder);
  expect(await resume()).toMatchObject({ status: 2, stderr: expect.stringMatching(/no run in/) });
  const small = JSON.stringify({ ...settings, algorithms: ["meta-sgd"] });
  writeFileSync(join(folder, "settings.json"), small);
  const done = await kshot(["train", "--data", "data", "--config", "settings.json", "--iterations", "60"], folder);
  expect(done.status, done.stderr).toBe(0);
  const reports = join(folder, "kshot-runs", "reports", "kshot");
  const run = join(reports, readdirSync(reports)[0]!);
  const file = join(run, "results", "metasgd_K5_Q10.json");

  expect(await resume("20200101_000000")).toMatchObject({ status: 2, stderr: expect.stringMatching(/no such run/) });
  expect((await resume("--seed", "7")).stderr).toMatch(
    /--seed with --resume: a setting for a run that has its settings already/,
  );

  // A run that a live process holds.
  writeFileSync(join(run, "run.lock"), `${process.ppid} ${hostname()}\n`);
  expect(await resume()).toMatchObject({ status: 1, stderr: expect.stringMatching(/another process works in it/) });
  writeFileSync(join(run, "run.lock"), `4194300 ${hostname()}\n`);

  // Finished: nothing is trained again, the comparison is printed again.
  const before = readFileSync(file, "utf8");
  expect(await resume(join(run, "/"))).toMatchObject({ status: 0, stdout: expect.stringMatching(/Meta-SGD/) });
  expect(readFileSync(file, "utf8")).toBe(before);

  // Another configuration than the checkpoint's.
  const config = join(run, "config.json");
  const kept = readFileSync(config, "utf8");
  rmSync(file);
  writeFileSync(config, kept.replace('"hidden_dim": 8', '"hidden_dim": 9'));
  expect(await resume()).toMatchObject({
    status: 3,
    stderr: expect.stringMatching(/setting gru_config.hidden_dim: 8/),
  });
  writeFileSync(config, kept);

  // Other data.
  const events = readFileSync(join(folder, "events.csv"), "utf8");
  writeFileSync(join(folder, "events.csv"), events.replace("course-1,", "course-2,"));
  expect(
    (await kshot(["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "data"], folder)).status,
  ).toBe(0);
  expect(await resume()).toMatchObject({ status: 3, stderr: expect.stringMatching(/a checkpoint of the data/) });
});

/** Starts, stops some milliseconds after the start of the process or of the run, and tells how it ended. */
async function stopAfter(
  folder: string,
  args: string[],
  signal: "SIGINT" | "SIGKILL",
  from: "process" | "run",
  milliseconds: number,
) {
  const child = kshotChild(args, folder);
  let stderr = "";
  let timer: NodeJS.Timeout | undefined;
  const count = () => {
    timer ??= setTimeout(() => child.kill(signal), milliseconds);
  };
  if (from === "process") count();
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (/^Run /m.test(stderr)) count();
  });
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearTimeout(timer);
  return { status, stderr };
}
