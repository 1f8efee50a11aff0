import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { keptFolder, kshot, kshotProcess, writeEvents } from "./kshot.js";

const folder = keptFolder();
const prepare = (out: string) => ["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", out];
const train = (out: string) => ["train", "--data", "data", "--algorithm", "popularity", "--out", out];

/** Runs a command with other variables of the environment. */
async function withVariables(
  variables: Readonly<Record<string, string>>,
  args: readonly string[],
  run: typeof kshot | typeof kshotProcess = kshot,
) {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return await run(args, folder);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** Contents of a folder by path. */
function contents(directory: string): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      return [path.slice(directory.length), readFileSync(path).toString("base64")];
    }),
  );
}

beforeAll(async () => {
  writeEvents(join(folder, "events.csv"));
  expect((await kshot(prepare("data"), folder)).status).toBe(0);
});

it.each([
  ["a TMPDIR that does not exist", { TMPDIR: "/no/such/folder" }],
  ["no HOME", { HOME: "" }],
  ["another locale and time zone", { LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", TZ: "Asia/Kolkata" }],
])("%s: the same data", async (name, variables) => {
  const out = name.replaceAll(" ", "-");
  const done = await withVariables(variables, prepare(out));
  expect(done.status, done.stderr).toBe(0);
  expect(contents(join(folder, out))).toEqual(contents(join(folder, "data")));
});

it("--where reads the hour of a moment in UTC, in any time zone", async () => {
  const hour = "hour(to_timestamp(time)) = hour(TIMESTAMP '1970-01-01' + to_seconds(CAST(time AS BIGINT)))";
  // In a separate process: DuckDB asks for the time zone once.
  const done = await withVariables(
    { TZ: "Asia/Kolkata" },
    [...prepare("hours"), "--where", hour, "--json"],
    kshotProcess,
  );
  expect(done.status, done.stderr).toBe(0);
  expect(JSON.parse(done.stdout).rows.dropped.filtered.count).toBe(0);
});

it.each(["with blanks in it", "with\na line end", "größe-日本", "-- --data"])("trains in a folder %j", async (name) => {
  const done = await kshot(train(`./${name}`), folder);
  expect(done.status, done.stderr).toBe(0);
  expect(existsSync(join(folder, name, "meta.json"))).toBe(true);
});

it("trains into a folder behind a symbolic link, and keeps the link", async () => {
  mkdirSync(join(folder, "real"));
  symlinkSync(join(folder, "real"), join(folder, "link"));
  expect((await kshot(train("link"), folder)).status).toBe(0);
  expect(existsSync(join(folder, "real", "meta.json"))).toBe(true);
});

it("a lock of tomorrow, of an ended process, does not stop a run: the clock was set back", async () => {
  mkdirSync(join(folder, "clock"));
  const lock = join(folder, "clock", "meta.json.lock");
  writeFileSync(lock, `4194300 ${hostname()}\n`);
  const tomorrow = Date.now() / 1000 + 86_400;
  utimesSync(lock, tomorrow, tomorrow);
  const done = await kshot(train("clock"), folder);
  expect(done.status, done.stderr).toBe(0);
  expect(existsSync(lock)).toBe(false);
});
