import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { keptFolder, kshot, kshotChild, writeEvents } from "./kshot.js";

const folder = keptFolder();
const { INIT_CWD: _, ...environment } = process.env;
const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

beforeAll(async () => {
  writeEvents(join(folder, "events.csv"));
  const settings = { algorithms: ["meta-sgd"], gru_config: { embedding_dim: 4, hidden_dim: 6 } };
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
  const done = await kshot(["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "data"], folder);
  expect(done.status, done.stderr).toBe(0);
});

const train = (...flags: string[]) => ["train", "--data", "data", "--config", "settings.json", ...flags];
const runOf = (project: string) => {
  const home = join(folder, project, "reports", "kshot");
  return join(home, readdirSync(home)[0]!);
};

it.each([
  ["SIGHUP", "SIGHUP", ["--iterations", "100000", "--inner-steps", "1"], "2"],
  ["SIGINT in an iteration of minutes, two threads", "SIGINT", ["--iterations", "2", "--inner-steps", "300000"], "2"],
  ["SIGTERM in an iteration of minutes, one thread", "SIGTERM", ["--iterations", "2", "--inner-steps", "300000"], "1"],
] as const)(
  "%s is handled at once: a checkpoint, exit code 130, no lock left",
  async (name, signal, flags, workers) => {
    const project = name.replaceAll(" ", "-");
    const child = kshotChild(train(...flags, "--workers", workers, "--out", project), folder);
    let said = "";
    const begun = new Promise<void>((resolve) =>
      child.stderr!.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (text.includes("Run ")) resolve();
      }),
    );
    await begun;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const at = performance.now();
    child.kill(signal);
    expect(await ended, said).toBe(130);
    // Half a second of patience, the checkpoint, and a busy machine.
    expect(performance.now() - at).toBeLessThan(10_000);
    expect(said).toMatch(/Stopping after this iteration/);
    expect(said).toMatch(/kshot train --resume/);
    expect(existsSync(join(runOf(project), "models", "metasgd", "checkpoints", "metasgd_latest.safetensors"))).toBe(
      true,
    );
    expect(existsSync(join(runOf(project), "run.lock"))).toBe(false);
  },
  60_000,
);

it("a reader that goes away ends no run: train 2>&1 | head -1", async () => {
  const line = `"${process.execPath}" "${main}" ${train("--iterations", "4", "--out", "head").join(" ")} 2>&1 | head -1`;
  const shell = spawn("sh", ["-c", line], { cwd: folder, stdio: "ignore", env: environment });
  await new Promise((resolve) => shell.on("close", resolve));
  // The pipe's reader is closed; the run continues to its end.
  const finished = () =>
    existsSync(join(folder, "head", "reports")) && existsSync(join(runOf("head"), "manifest.json"));
  for (let i = 0; i < 300 && !finished(); i++) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(finished()).toBe(true);
}, 60_000);

it.skipIf(!existsSync("/dev/full"))("a full disk behind stderr ends no run; one behind stdout is exit code 1", () => {
  const shell = (redirect: string) =>
    spawnSync("sh", ["-c", `"${process.execPath}" "${main}" inspect data ${redirect}`], {
      cwd: folder,
      encoding: "utf8",
      env: environment,
    });
  expect(shell("2>/dev/full").status).toBe(0);
  expect(shell("2>&-").status).toBe(0);
  expect(shell(">/dev/full")).toMatchObject({ status: 1, stderr: expect.stringMatching(/standard output: .*ENOSPC/) });
});
