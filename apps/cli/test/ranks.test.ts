import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { keptFolder, kshot, kshotChild, writeEvents } from "./kshot.js";

const folder = keptFolder();

/** Eight groups of four people, the last one smaller; long enough to be interrupted. */
const settings = {
  algorithms: ["meta-sgd"],
  gru_config: { embedding_dim: 8, hidden_dim: 16 },
  metasgd_config: { num_meta_iterations: 20, meta_batch_size: 30, eval_interval: 10 },
};

beforeAll(async () => {
  writeEvents(join(folder, "events.csv"));
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
  writeFileSync(join(folder, "token"), "0123456789abcdef\n");
  const args = ["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "data"];
  expect((await kshot(args, folder)).status).toBe(0);
  const alone = await kshot([...train, "--out", "alone"], folder);
  expect(alone.status, alone.stderr).toBe(0);
});

const train = ["train", "--data", "data", "--config", "settings.json", "--workers", "1"];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Rank {
  readonly process: ChildProcess;
  readonly said: () => string;
  readonly status: Promise<number | null>;
}

/** A rank above 0, in a separate process. */
function startRank(rank: number, ranks: number, port: number, onStep = (_done: number) => {}): Rank {
  const place = ["--ranks", `${ranks}`, "--rank", `${rank}`, "--rendezvous", `127.0.0.1:${port}`];
  const process = kshotChild([...train, ...place, "--token-file", "token", "--log", "json", "--out", "other"], folder);
  let said = "";
  for (const stream of [process.stdout!, process.stderr!]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      for (const [, done] of text.matchAll(/"type":"step".*?"done":(\d+)/g)) onStep(Number(done));
    });
  }
  return { process, said: () => said, status: new Promise((resolve) => process.on("close", resolve)) };
}

/** Rank 0, in this process. */
const rankZero = (ranks: number, port: number, project: string) =>
  kshot(
    [
      ...[...train, "--out", project, "--ranks", `${ranks}`, "--rank", "0"],
      ...["--rendezvous", `127.0.0.1:${port}`, "--token-file", "token"],
    ],
    folder,
  );

/** Hashes of the models, the learned rates and the parts of the results, without those that differ between equal runs. */
function output(project: string): Record<string, string> {
  const reports = join(folder, project, "reports", "kshot");
  const run = join(reports, readdirSync(reports)[0]!);
  const { volatile: _, test: __, ...results } = JSON.parse(readFileSync(resultsFile(run), "utf8"));
  const parts = Object.entries(results).map(([name, value]) => [name, sha256(JSON.stringify(value))]);
  const models = readdirSync(join(run, "models", "metasgd")).filter((name) => name.endsWith(".safetensors"));
  expect(models.length).toBe(2);
  return {
    ...Object.fromEntries(parts),
    ...Object.fromEntries(models.map((name) => [name, sha256(readFileSync(join(run, "models", "metasgd", name)))])),
  };
}
const sha256 = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");
const resultsFile = (run: string) => join(run, "results", readdirSync(join(run, "results"))[0]!);

it.each([1, 2, 4])(
  "%i ranks: the bits of a run without ranks",
  async (ranks) => {
    const port = await freePort();
    const others = Array.from({ length: ranks - 1 }, (_, i) => startRank(i + 1, ranks, port));
    const leader = await rankZero(ranks, port, `ranks${ranks}`);
    expect(leader.status, leader.stderr).toBe(0);
    for (const { status, said } of others) {
      expect(await status, said()).toBe(0);
      // Each has made all iterations itself.
      expect(said()).toMatch(/"done":20/);
    }
    expect(output(`ranks${ranks}`)).toEqual(output("alone"));
    expect(readdirSync(folder)).not.toContain("other");
  },
  60_000,
);

it("a killed rank, then an interrupted one, end rank 0 with a checkpoint; resumed, the run has the same bits", async () => {
  let resume = "";
  for (const signal of ["SIGKILL", "SIGINT", undefined] as const) {
    const port = await freePort();
    const from = signal === "SIGKILL" ? 3 : 9;
    let hit = 0;
    const other: Rank = startRank(1, 2, port, (done) => {
      if (done < from || signal === undefined || hit > 0) return;
      hit = performance.now();
      other.process.kill(signal);
    });
    const leader =
      resume === ""
        ? await rankZero(2, port, "stopped")
        : await kshot(resume.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`).split(" "), folder);
    if (signal === undefined) {
      expect(leader.status, leader.stderr).toBe(0);
      expect(leader.stderr).toMatch(/continues from iteration/);
      expect(await other.status, other.said()).toBe(0);
      continue;
    }
    expect(leader.status, leader.stderr).toBe(1);
    expect(performance.now() - hit).toBeLessThan(10_000);
    expect(await other.status).toBe(signal === "SIGINT" ? 130 : null);
    expect(leader.stderr).toMatch(
      signal === "SIGINT" ? /rank 1: it was interrupted\. Stopped, with a checkpoint/ : /rank 1: .* has ended/,
    );
    resume = /^ +kshot (train --resume .*)$/m.exec(leader.stderr)![1]!;
  }
  expect(output("stopped")).toEqual(output("alone"));
}, 240_000);
