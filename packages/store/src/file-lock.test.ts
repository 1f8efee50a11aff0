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

/** Writes `run.lock` as a process wrote it that gave its last sign of life some seconds ago. */
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

describe("a lock of nobody that lives is taken over", () => {
  const cases: [string, string, number][] = [
    ["empty, as a full disk or a kill between opening and writing leaves it", "", 2],
    ["cut off", "12", 2],
    [
      "of the same number in another life of the machine or another container, silent for long",
      textOf({ machine: "00000000" }),
      3600,
    ],
    [
      "of process 1 of a container that is gone, silent for long",
      textOf({ pid: 1, machine: "00000000", started: "7" }),
      3600,
    ],
    [
      "of another machine on the same volume, silent for long",
      textOf({ host: "elsewhere", machine: "11111111" }),
      3600,
    ],
    ["of a number that another process has now", textOf({ started: "1" }), 0],
    ["of an earlier version on another machine, silent for long", "17 elsewhere\n", 3600],
    ["of an earlier version, of a number that was given again since", `${process.pid} ${hostname()}\n`, 86_400 * 365],
  ];
  it.each(cases)("%s", async (_, text, secondsAgo) => {
    lockOf(text, secondsAgo);
    expect(await held()).toEqual(["run.lock"]);
    expect(names(scratch.path)).toEqual([]);
  });

  it("empty for less than a moment: after that moment", async () => {
    lockOf("");
    expect(await held()).toEqual(["run.lock"]);
  });
});

describe("a lock of a process that lives stays", () => {
  it.each([
    ["this one", textOf({}), 86_400],
    ["this one, as an earlier version wrote it", `${process.pid} ${hostname()}\n`, 0],
  ])("%s, however long ago its last sign of life", async (_, text, secondsAgo) => {
    lockOf(text, secondsAgo);
    await expect(held()).rejects.toMatchObject({
      code: "FAILED",
      message: expect.stringMatching(new RegExp(`another process works in it: ${process.pid} `)),
    });
    expect(readFileSync(scratch.at("run.lock"), "utf8")).toBe(text);
    expect(await folderHolder(scratch.path, "run")).toBe(`${process.pid} ${hostname()}`);
  });

  it("one that cannot be asked, as soon as it gives a sign of life; until then whoever waits is told", async () => {
    const text = textOf({ pid: 1, machine: "00000000" });
    lockOf(text, 20);
    const told: string[] = [];
    setTimeout(() => writeFileSync(scratch.at("run.lock"), text), 700);
    const failing = withFolderHeld(scratch.path, "run", async () => {}, { onWait: (holder) => told.push(holder) });
    await expect(failing).rejects.toMatchObject({ code: "FAILED" });
    expect(told).toEqual([`1 ${hostname()}`]);
  });
});

it("is made whole or not at all on a full disk", async () => {
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

it("tells a holder that has lost it, and leaves the new holder's lock", async () => {
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

it("gives signs of life while the main thread is busy", async () => {
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
  // Killed: this machine can tell, and nobody waits.
  expect(await held()).toEqual(["run.lock"]);
}, 30_000);

it("is held by one of several processes at a time, all of whom find a dead one", async () => {
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

it("stops waiting when it is told to", async () => {
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
