import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { keptFolder, kshot, writeEvents } from "./kshot.js";

const folder = keptFolder();
const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
let model = "";

beforeAll(async () => {
  writeEvents(join(folder, "events.csv"));
  const settings = {
    algorithms: ["meta-sgd"],
    gru_config: { embedding_dim: 4, hidden_dim: 6 },
    metasgd_config: { num_meta_iterations: 2, meta_batch_size: 2 },
  };
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
  for (const args of [
    ["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "data"],
    ["train", "--data", "data", "--config", "settings.json", "--out", "runs"],
  ]) {
    const done = await kshot(args, folder);
    expect(done.status, done.stderr).toBe(0);
  }
  const reports = join(folder, "runs", "reports", "kshot");
  model = join(reports, readdirSync(reports)[0]!, "models", "metasgd", "metasgd_gru_K5.safetensors");
});

/** Runs the built program from a shell, with limits set before. */
function shell(limits: string, ...args: string[]) {
  const { INIT_CWD: _, npm_lifecycle_event: __, ...env } = process.env;
  const line = `${limits}; exec "$0" "$@"`;
  return spawnSync("sh", ["-c", line, process.execPath, main, ...args], { cwd: folder, encoding: "utf8", env });
}

describe("a limit of the machine is named, in one paragraph", () => {
  it.each([
    ["ulimit -n 80", /^kshot: the program could not be loaded: too many open files: .*ulimit -n 1024\.\n$/],
    ["ulimit -n 25", /^kshot: the program could not be loaded: too many open files: .*ulimit -n 1024\.\n$/],
    ["ulimit -v 2000000", /^kshot: the program could not be loaded: not enough memory is available .*ulimit -v\)\.\n$/],
  ])("%s", (limits, says) => {
    const done = shell(limits, "train", "--data", "data", "--out", "limited");
    expect(done.stderr).toMatch(says);
    expect(done.status).toBe(1);
    expect(existsSync(join(folder, "limited"))).toBe(false);
  });

  it("a command line of more than 10,000 words", async () => {
    const words = Array.from({ length: 10_000 }, (_, i) => `--history=course-${i % 12}`);
    const done = await kshot(["recommend", "--model", model, ...words], folder);
    expect(done.status).toBe(2);
    expect(done.stderr).toMatch(/the command line: 10,003 words\. Expected at most 10,000\. .*--history-file/);
  });
});

it.each([
  ["one session", Array.from({ length: 100_000 }, (_, i) => `course-${(i * 7) % 12}`)],
  ["sessions of one", Array.from({ length: 100_000 }, (_, i) => [`course-${(i * 7) % 12}`])],
])("recommends after 100,000 clicks in %s with 64 MB, as after the last ones", async (name, history) => {
  const files = [history, history.slice(-60)].map((clicks, i) => {
    const file = `${name.replaceAll(" ", "-")}-${i}.json`;
    writeFileSync(join(folder, file), JSON.stringify(clicks));
    return file;
  });
  const ask = (file: string) => ["recommend", "--model", model, "--history-file", file, "--json"];
  const { INIT_CWD: _, npm_lifecycle_event: __, ...env } = process.env;
  const command = ["--max-old-space-size=64", main, ...ask(files[0]!)];
  const done = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8", env });
  expect(done.status, done.stderr).toBe(0);
  expect(JSON.parse(done.stdout)).toEqual(JSON.parse((await kshot(ask(files[1]!), folder)).stdout));
});

describe("a network that does not fit is refused before anything is written", () => {
  it.each([
    [{ gru_config: { hidden_dim: 1e9 } }, 1, /Memory for this run: at least [\d,]+ PB are needed/],
    [{ gru_config: { num_layers: 1e8, dropout: 0 } }, 3, /num_layers: .*1000/],
    [{ metasgd_config: { meta_batch_size: 1e12 } }, 1, /Memory for this run: at least 500 TB are needed/],
    [{ metasgd_config: { checkpoint_interval: 1, num_meta_iterations: 1e12 } }, 1, /for 1000000000000 checkpoints/],
  ])("%j", async (settings, status, says) => {
    writeFileSync(join(folder, "large.json"), JSON.stringify({ algorithms: ["meta-sgd"], ...settings }));
    const done = await kshot(["train", "--data", "data", "--config", "large.json", "--out", "large"], folder);
    expect(done.stderr).toMatch(says);
    expect(done.status).toBe(status);
    expect(existsSync(join(folder, "large"))).toBe(false);
  });
});

it("events that do not fit are refused before they are read", async () => {
  writeFileSync(join(folder, "huge.csv"), readFileSync(join(folder, "events.csv"), "utf8").repeat(50));
  // The file takes no space on the disk: only its length is that of more than 10¹¹ events.
  truncateSync(join(folder, "huge.csv"), 4e12);
  const done = await kshot(["prepare", "--input", "huge.csv", "--out", "huge"], folder);
  expect(done.stderr).toMatch(/Memory for prepare: at least [\d.]+ [GT]B are needed for about [\d,]+ events/);
  expect(done.status).toBe(1);
  expect(existsSync(join(folder, "huge"))).toBe(false);
});

it("a begun run that does not fit is not continued, and keeps its files; one that fits is told its needs", async () => {
  const copy = join(folder, "begun");
  cpSync(join(folder, "runs"), copy, { recursive: true });
  const reports = join(copy, "reports", "kshot");
  const run = join(reports, readdirSync(reports)[0]!);
  rmSync(join(run, "manifest.json"));
  const fits = await kshot(["train", "--resume", "--out", "begun"], folder);
  expect(fits.status, fits.stderr).toBe(0);
  expect(fits.stderr).toMatch(/about 150 MB of memory and [\d.]+ kB of disk/);
  rmSync(join(run, "manifest.json"));
  // A run of a version that did not note its settings in the registry.
  const change = (file: string, text: (now: string) => string) => writeFileSync(file, text(readFileSync(file, "utf8")));
  change(join(copy, "meta.json"), (text) => text.replace(/,\s*"started_with": \{[^}]*\}/, ""));
  change(join(run, "config.json"), (text) =>
    text
      .replace(/"num_meta_iterations": \d+/, '"num_meta_iterations": 1000000000000')
      .replace(/"checkpoint_interval": \d+/, '"checkpoint_interval": 1'),
  );
  const before = readdirSync(run, { recursive: true }).sort();
  const done = await kshot(["train", "--resume", "--out", "begun"], folder);
  expect(done.stderr).toMatch(
    /begun: about [\d,]+ PB are needed, for 1000000000000 checkpoints.*what is free on the disk/,
  );
  expect(done.status).toBe(1);
  expect(readdirSync(run, { recursive: true }).sort()).toEqual(before);
});

/** The model's file with another header. */
function withHeader(change: (header: Record<string, Record<string, unknown>>) => void): string {
  const bytes = readFileSync(model);
  const end = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, end).toString("utf8"));
  // As an earlier version wrote it: no hash shows the change.
  for (const key of ["kshot.sha256", "kshot.header"]) delete header.__metadata__[key];
  change(header);
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(join(folder, "changed.safetensors"), Buffer.concat([length, text, bytes.subarray(end)]));
  return "changed.safetensors";
}

describe("a model's header of unknown origin is refused by its first wrong value", () => {
  const claims = (key: string, value: number) => (header: Record<string, Record<string, unknown>>) => {
    const kshotPart = JSON.parse(header.__metadata__!.kshot as string);
    kshotPart.config.gru_config[key] = value;
    header.__metadata__!.kshot = JSON.stringify(kshotPart);
  };
  it.each([
    ["metadata null", (header: Record<string, unknown>) => void (header.__metadata__ = null), /__metadata__/],
    [
      "kshot's metadata null",
      (header: Record<string, Record<string, unknown>>) => void (header.__metadata__!.kshot = "null"),
      /metadata/,
    ],
    ["a hidden size of 10⁹", claims("hidden_dim", 1e9), /shape \[18, 4\]|tensor/],
    ["10⁸ layers", claims("num_layers", 1e8), /num_layers/],
  ] as const)("%s", async (_, change, says) => {
    const file = withHeader(change as (header: Record<string, Record<string, unknown>>) => void);
    for (const args of [
      ["inspect", file],
      ["recommend", "--model", file, "--history", "course-1"],
    ]) {
      const done = await kshot(args, folder);
      expect(done.status, done.stderr).toBe(3);
      expect(done.stderr).toMatch(says);
      expect(done.stderr).not.toMatch(/TypeError|RangeError|Invalid|Cannot destructure/);
    }
  });
});

it("a .csv.gz cut at any place, or with a changed check sum or length, is refused", async () => {
  const whole = gzipSync(readFileSync(join(folder, "events.csv")));
  const cut = Array.from({ length: 12 }, (_, i) => whole.subarray(0, 20 + Math.floor(((whole.length - 21) * i) / 11)));
  const flipped = [8, 5, 4, 1].map((fromEnd) => {
    const bytes = Buffer.from(whole);
    bytes[bytes.length - fromEnd]! ^= 1;
    return bytes;
  });
  for (const [i, bytes] of [...cut, ...flipped].entries()) {
    writeFileSync(join(folder, "e.csv.gz"), bytes);
    const done = await kshot(["prepare", "--input", "e.csv.gz", "--split", ".6,.2,.2", "--out", "gz"], folder);
    expect(done.status, `case ${i}: ${done.stderr}`).toBe(3);
    expect(done.stderr).toMatch(/e\.csv\.gz/);
  }
  expect(existsSync(join(folder, "gz"))).toBe(false);
});
