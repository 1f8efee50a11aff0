import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, utimesSync, writeFileSync } from "node:fs";
import fs from "node:fs/promises";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { names, scratchFolder, systemError } from "../test/scratch.js";
import { withFileLock, withFolderHeld, withWaitingLock } from "./file-lock.js";
import { folderHolder } from "./index.js";
import { thisProcess } from "./process-identity.js";

const scratch = scratchFolder();
afterEach(() => vi.restoreAllMocks());
const built = fileURLToPath(new URL("../dist/index.js", import.meta.url));

/** Writes `run.lock` as a process would whose last heartbeat was some seconds ago. */
function lockOf(text: string, secondsAgo = 0): void {
  writeFileSync(scratch.at("run.lock"), text);
  const then = Date.now() / 1000 - secondsAgo;
  utimesSync(scratch.at("run.lock"), then, then);
}

/** A lock's text with some of this process's facts changed. */
function textOf(changes: { pid?: number; host?: string; machine?: string; started?: string }): string {
  const { pid, host, machine, started } = { ...thisProcess(), host: hostname(), ...changes };
  return `${pid} ${host}\n${JSON.stringify({ machine, started, id: "0" })}\n`;
}

const held = () => withFolderHeld(scratch.path, "run", async () => names(scratch.path));

describe("a lock whose process has ended is taken over", () => {
  const cases: [string, string, number][] = [
    ["empty, after a full disk or a kill between opening and writing", "", 2],
    ["cut off", "12", 2],
    ["zeros, after a power failure", "\0\0\0", 2],
    [
      "of the same number before a reboot or in another container, long without heartbeat",
      textOf({ machine: "00000000" }),
      3600,
    ],
    [
      "of process 1 of a container that has ended, long without heartbeat",
      textOf({ pid: 1, machine: "00000000", started: "7" }),
      3600,
    ],
    [
      "of another machine on the same volume, long without heartbeat",
      textOf({ host: "elsewhere", machine: "11111111" }),
      3600,
    ],
    ["of a number that another process has now", textOf({ started: "1" }), 0],
    ["of an earlier version on another machine, long without heartbeat", "17 elsewhere\n", 3600],
    ["of an earlier version, of a number that was reused since", `${process.pid} ${hostname()}\n`, 86_400 * 365],
  ];
  it.each(cases)("%s", async (_, text, secondsAgo) => {
    lockOf(text, secondsAgo);
    expect(await held()).toEqual(["run.lock"]);
    expect(names(scratch.path)).toEqual([]);
  });

  it("empty for a very short time: after a short wait", async () => {
    lockOf("");
    expect(await held()).toEqual(["run.lock"]);
  });
});

it("a file that is not a lock is never removed: the error names it", async () => {
  lockOf("my notes\n", 3600);
  await expect(held()).rejects.toMatchObject({
    code: "USAGE",
    message: expect.stringMatching(/run\.lock: a file that no kshot wrote.*Move the file elsewhere/s),
  });
  expect(names(scratch.path)).toEqual(["run.lock"]);
});

describe("a lock of a living process is kept", () => {
  it.each([
    ["this one", textOf({}), 86_400],
    ["this one, as an earlier version wrote it", `${process.pid} ${hostname()}\n`, 0],
  ])("%s, independent of the age of its last heartbeat", async (_, text, secondsAgo) => {
    lockOf(text, secondsAgo);
    await expect(held()).rejects.toMatchObject({
      code: "FAILED",
      message: expect.stringMatching(new RegExp(`another process works in it: ${process.pid} `)),
    });
    expect(readFileSync(scratch.at("run.lock"), "utf8")).toBe(text);
    expect(await folderHolder(scratch.path, "run")).toBe(`${process.pid} ${hostname()}`);
  });

  it("of a process that cannot be checked, as soon as it sends a heartbeat; until then the waiting process gets a notice", async () => {
    const text = textOf({ pid: 1, machine: "00000000" });
    lockOf(text, 20);
    const told: string[] = [];
    setTimeout(() => writeFileSync(scratch.at("run.lock"), text), 700);
    const failing = withFolderHeld(scratch.path, "run", async () => {}, { onWait: (holder) => told.push(holder) });
    await expect(failing).rejects.toMatchObject({ code: "FAILED" });
    expect(told).toEqual([`1 ${hostname()}`]);
  });
});

it("is created completely or not at all on a full disk", async () => {
  vi.spyOn(fs, "writeFile").mockImplementation(async (path) => {
    writeFileSync(String(path), "");
    throw systemError("ENOSPC");
  });
  await expect(held()).rejects.toMatchObject({ code: "FAILED", message: expect.stringMatching(/no space is left/) });
  expect(names(scratch.path)).toEqual([]);
});

it("works on a file system without hard links", async () => {
  vi.spyOn(fs, "link").mockRejectedValue(systemError("EPERM"));
  expect(await held()).toEqual(["run.lock"]);
  lockOf(textOf({}));
  await expect(held()).rejects.toMatchObject({ code: "FAILED" });
});

it("reports a lost lock to its old holder, and keeps the new holder's lock", async () => {
  const other = textOf({ pid: 7, machine: "00000000" });
  await withFolderHeld(scratch.path, "run", async (lock) => {
    await lock.stillHeld();
    lockOf(other);
    await expect(lock.stillHeld()).rejects.toMatchObject({
      code: "FAILED",
      message: expect.stringMatching(/held by 7 /),
    });
  });
  expect(readFileSync(scratch.at("run.lock"), "utf8")).toBe(other);
});

it("sends heartbeats while the main thread is busy", async () => {
  const program = `
    import { withFolderHeld } from ${JSON.stringify(built)};
    await withFolderHeld(${JSON.stringify(scratch.path)}, "run", async () => {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      console.log("busy");
      for (const end = Date.now() + 60_000; Date.now() < end; );
    });
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const past = Date.now() / 1000 - 1000;
  utimesSync(scratch.at("run.lock"), past, past);
  const beaten = async () => (await fs.stat(scratch.at("run.lock"))).mtimeMs / 1000 > past + 500;
  await vi.waitFor(async () => expect(await beaten()).toBe(true), { timeout: 20_000, interval: 200 });
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
  // The process was killed. This machine can check that, so there is no wait.
  expect(await held()).toEqual(["run.lock"]);
}, 30_000);

it("is held by one of several processes at a time, all of which find the lock of an ended process", async () => {
  lockOf(textOf({ started: "1" }));
  writeFileSync(scratch.at("count"), "0");
  const program = `
    import { readFileSync, writeFileSync } from "node:fs";
    import { withWaitingLock } from ${JSON.stringify(built)};
    for (let i = 0; i < 5; i++) await withWaitingLock(${JSON.stringify(scratch.at("run"))}, async () => {
      const before = Number(readFileSync(${JSON.stringify(scratch.at("count"))}, "utf8"));
      await new Promise((resolve) => setTimeout(resolve, 5));
      writeFileSync(${JSON.stringify(scratch.at("count"))}, String(before + 1));
    });
  `;
  const exits = Array.from({ length: 4 }, async () => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "inherit" });
    return (await once(child, "exit"))[0];
  });
  expect(await Promise.all(exits)).toEqual([0, 0, 0, 0]);
  expect(readFileSync(scratch.at("count"), "utf8")).toBe("20");
  expect(names(scratch.path)).toEqual(["count"]);
}, 30_000);

it("stops waiting when its signal fires", async () => {
  lockOf(textOf({}));
  const stop = new AbortController();
  const waiting = withWaitingLock(scratch.at("run"), async () => {}, {
    onWait: () => stop.abort(),
    signal: stop.signal,
  });
  await expect(waiting).rejects.toMatchObject({ code: "INTERRUPTED" });
  await expect(withFileLock(scratch.at("run"), async () => {}, { attempts: 2, pauseMs: 1 })).rejects.toMatchObject({
    code: "FAILED",
  });
});
