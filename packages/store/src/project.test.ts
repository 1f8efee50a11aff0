import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import fs from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { names, scratchFolder, systemError } from "../test/scratch.js";
import { withFileLock } from "./file-lock.js";
import {
  countTestOpening,
  createRun,
  findProject,
  findRunOf,
  openProject,
  type RunEntry,
  registerRun,
  resolveFrom,
  sha256File,
} from "./index.js";

const scratch = scratchFolder();
afterEach(() => vi.restoreAllMocks());
const now = new Date(2026, 0, 10, 0, 3, 35);

const entry = (id: string, tag = "20260110_000335"): RunEntry => ({
  run_id: id,
  notebook: "demo",
  run_tag: tag,
  out_dir: `reports/demo/${tag}`,
  created_at: "2026-01-10T00:03:35",
});
const registry = () => JSON.parse(readFileSync(scratch.at("meta.json"), "utf8"));

/** The number of a process that has ended. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""], { stdio: "ignore" });
  await once(child, "exit");
  return child.pid!;
}

describe("findProject", () => {
  it("is the nearest folder upwards with a meta.json", async () => {
    mkdirSync(scratch.at("a", "b", "c"), { recursive: true });
    await openProject(scratch.path);
    expect(findProject(scratch.at("a", "b", "c"))).toBe(scratch.path);
    await openProject(scratch.at("a", "b"));
    expect(findProject(scratch.at("a", "b", "c"))).toBe(scratch.at("a", "b"));
    expect(findProject(scratch.at("a", "b"))).toBe(scratch.at("a", "b"));
  });
  it("is kshot-runs if there is none, and is not created", () => {
    expect(findProject(scratch.path)).toBe(scratch.at("kshot-runs"));
    expect(names(scratch.path)).toEqual([]);
  });
  it("ignores a folder called meta.json", () => {
    mkdirSync(scratch.at("meta.json"));
    expect(findProject(scratch.path)).toBe(scratch.at("kshot-runs"));
  });
});

describe("openProject", () => {
  it("creates the folder and an empty registry, and no more", async () => {
    expect(await openProject(scratch.at("new", "project"))).toBe(scratch.at("new", "project"));
    expect(readFileSync(scratch.at("new", "project", "meta.json"), "utf8")).toBe('{\n  "runs": []\n}\n');
    expect(names(scratch.at("new", "project"))).toEqual(["meta.json"]);
  });
  it("leaves an existing registry as it is", async () => {
    const text = '{"runs":[],"other":{"key":1}}';
    writeFileSync(scratch.at("meta.json"), text);
    await openProject(scratch.path);
    expect(readFileSync(scratch.at("meta.json"), "utf8")).toBe(text);
  });
  it("refuses a meta.json of something else: DATA", async () => {
    writeFileSync(scratch.at("meta.json"), '{"runs":{}}');
    await expect(openProject(scratch.path)).rejects.toMatchObject({ code: "DATA" });
  });
  it("refuses a path with NUL: USAGE, with the reason", async () => {
    await expect(openProject(scratch.at("a\0b"))).rejects.toMatchObject({
      code: "USAGE",
      parts: { found: expect.stringMatching(/a character that no path can have/) },
    });
  });
  it("refuses a file in its place: USAGE", async () => {
    writeFileSync(scratch.at("file"), "");
    await expect(openProject(scratch.at("file"))).rejects.toMatchObject({ code: "USAGE" });
  });
});

describe("createRun", () => {
  it("names the folder by local time, with a suffix if it exists", async () => {
    const runs = [];
    for (const runId of ["a", "b", "c"]) runs.push(await createRun(scratch.path, { name: "demo", now, runId }));
    expect(runs.map(({ runTag }) => runTag)).toEqual(["20260110_000335", "20260110_000335_2", "20260110_000335_3"]);
    expect(runs[1]).toEqual({
      runId: "b",
      runTag: "20260110_000335_2",
      name: "demo",
      directory: scratch.at("reports", "demo", "20260110_000335_2"),
      outDir: "reports/demo/20260110_000335_2",
      createdAt: "2026-01-10T00:03:35",
    });
  });
  it("gives each of many simultaneous runs a separate folder", async () => {
    const runs = await Promise.all(
      Array.from({ length: 20 }, () => createRun(scratch.path, { name: "demo", now, runId: "x" })),
    );
    expect(new Set(runs.map(({ directory }) => directory)).size).toBe(20);
    expect(names(scratch.at("reports", "demo"))).toHaveLength(20);
  });
  it.each(["", ".", "..", "a/b", "a\\b", "a\0b"])("refuses the name %j", async (name) => {
    await expect(createRun(scratch.path, { name, now, runId: "x" })).rejects.toMatchObject({ code: "USAGE" });
    expect(names(scratch.path)).toEqual([]);
  });
  it("refuses an invalid date", async () => {
    await expect(createRun(scratch.path, { name: "demo", now: new Date(Number.NaN), runId: "x" })).rejects.toThrow(
      /no date/,
    );
  });
  it("says FAILED where the disk is full", async () => {
    vi.spyOn(fs, "mkdir").mockRejectedValue(systemError("ENOSPC"));
    await expect(createRun(scratch.path, { name: "demo", now, runId: "x" })).rejects.toMatchObject({ code: "FAILED" });
  });
});

describe("the registry", () => {
  it("lists runs in order and keeps keys of other programs", async () => {
    writeFileSync(
      scratch.at("meta.json"),
      JSON.stringify({ owner: "ada", runs: [{ ...entry("old"), colour: "red" }] }),
    );
    await registerRun(scratch.path, entry("new"));
    expect(registry()).toEqual({ owner: "ada", runs: [{ ...entry("old"), colour: "red" }, entry("new")] });
  });

  it("counts evaluations of the test split per run", async () => {
    await openProject(scratch.path);
    await registerRun(scratch.path, entry("a"));
    await registerRun(scratch.path, entry("b"));
    expect(await countTestOpening(scratch.path, "a")).toBe(1);
    expect(await countTestOpening(scratch.path, "a")).toBe(2);
    expect(await countTestOpening(scratch.path, "b")).toBe(1);
    expect(registry().runs.map((run: RunEntry) => run.test_opened)).toEqual([2, 1]);
  });

  it("loses no entry of many simultaneous writers", async () => {
    await openProject(scratch.path);
    await Promise.all(Array.from({ length: 12 }, (_, i) => registerRun(scratch.path, entry(`run${i}`))));
    expect(new Set(registry().runs.map((run: RunEntry) => run.run_id)).size).toBe(12);
    expect(names(scratch.path)).toEqual(["meta.json"]);
  });

  it("loses no count of several processes that find the lock of an ended process", async () => {
    await openProject(scratch.path);
    await registerRun(scratch.path, entry("a"));
    writeFileSync(scratch.at("meta.json.lock"), `${await deadProcess()} ${hostname()}\n`);
    const built = fileURLToPath(new URL("../dist/index.js", import.meta.url));
    const program = `
      import { countTestOpening } from ${JSON.stringify(built)};
      for (let i = 0; i < 10; i++) await countTestOpening(${JSON.stringify(scratch.path)}, "a");
    `;
    const exits = Array.from({ length: 3 }, async () => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
        stdio: ["ignore", "ignore", "inherit"],
      });
      const [code] = await once(child, "exit");
      return code;
    });
    expect(await Promise.all(exits)).toEqual([0, 0, 0]);
    expect(registry().runs[0].test_opened).toBe(30);
    expect(names(scratch.path)).toEqual(["meta.json"]);
  });

  it("refuses an id twice and a run it does not list, unchanged and unlocked", async () => {
    await openProject(scratch.path);
    await registerRun(scratch.path, entry("a"));
    const before = registry();
    await expect(registerRun(scratch.path, entry("a"))).rejects.toMatchObject({ code: "FAILED" });
    await expect(countTestOpening(scratch.path, "b")).rejects.toMatchObject({ code: "DATA" });
    expect(registry()).toEqual(before);
    expect(names(scratch.path)).toEqual(["meta.json"]);
  });

  it("finds the run whose folder holds a file", async () => {
    await openProject(scratch.path);
    await registerRun(scratch.path, entry("a"));
    await registerRun(scratch.path, entry("b", "20260110_000335_2"));
    const directory = scratch.at("reports", "demo", "20260110_000335_2");
    mkdirSync(directory, { recursive: true });
    expect(await findRunOf(join(directory, "models", "m.safetensors"))).toEqual({
      project: scratch.path,
      runId: "b",
      runTag: "20260110_000335_2",
      directory,
    });
    expect(await findRunOf(scratch.at("m.safetensors"))).toBeUndefined();
  });

  it("finds no run outside a project", async () => {
    expect(await findRunOf(scratch.at("m.safetensors"))).toBeUndefined();
  });
});

describe("withFileLock", () => {
  const brief = { attempts: 3, pauseMs: 1 };
  it("waits for a living holder, then says FAILED and names it", async () => {
    writeFileSync(scratch.at("x.lock"), `${process.pid} ${hostname()}\n`);
    const work = vi.fn();
    await expect(withFileLock(scratch.at("x"), work, brief)).rejects.toMatchObject({
      code: "FAILED",
      message: expect.stringMatching(new RegExp(`x\\.lock: held by ${process.pid} `)),
    });
    expect(work).not.toHaveBeenCalled();
    expect(names(scratch.path)).toEqual(["x.lock"]);
  });
  it("does not touch a lock of another machine", async () => {
    writeFileSync(scratch.at("x.lock"), `${await deadProcess()} some-other-machine\n`);
    await expect(withFileLock(scratch.at("x"), vi.fn(), brief)).rejects.toMatchObject({ code: "FAILED" });
    expect(names(scratch.path)).toEqual(["x.lock"]);
  });
  it("takes over the lock of an ended process", async () => {
    writeFileSync(scratch.at("x.lock"), `${await deadProcess()} ${hostname()}\n`);
    expect(await withFileLock(scratch.at("x"), async () => names(scratch.path), brief)).toEqual(["x.lock"]);
    expect(names(scratch.path)).toEqual([]);
  });
  it("releases when the work throws", async () => {
    const failing = withFileLock(scratch.at("x"), () => Promise.reject(new Error("work")), brief);
    await expect(failing).rejects.toThrow("work");
    expect(names(scratch.path)).toEqual([]);
  });
});

describe("sha256File", () => {
  it("gives size and hash", async () => {
    writeFileSync(scratch.at("abc"), "abc");
    // FIPS 180-2, example B.1.
    expect(await sha256File(scratch.at("abc"))).toEqual({
      path: scratch.at("abc"),
      bytes: 3,
      sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    });
  });
  it("refuses a file that is not there: DATA", async () => {
    await expect(sha256File(scratch.at("none"))).rejects.toMatchObject({ code: "DATA" });
  });
});

it("resolveFrom starts relative paths at the base", () => {
  expect(resolveFrom("/data/ada", "mars")).toBe("/data/ada/mars");
  expect(resolveFrom("/data/ada", "../mars")).toBe("/data/mars");
  expect(resolveFrom("/data/ada", "/data")).toBe("/data");
  expect(() => resolveFrom("/data/ada", "")).toThrow(/path: nothing/);
  expect(() => resolveFrom("/data/ada", "ma\0rs")).toThrow(/ma\S*rs: NUL in it/);
});
