import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished, vi } from "vitest";
import { names, scratchFolder } from "../test/scratch.js";
import { recoverReplaced, writeFolderAtomic } from "./index.js";
import { thisProcess } from "./process-identity.js";

const scratch = scratchFolder();
const built = fileURLToPath(new URL("../dist/index.js", import.meta.url));

/** A folder `d` with one file, under a temporary name. */
function left(name: string, file = "old"): void {
  mkdirSync(scratch.at(name));
  writeFileSync(scratch.at(name, "a.txt"), file);
}

const { machine, pid, started } = thisProcess();
const dead = `${machine}-${pid}-1-00000000`;
const living = `${machine}-${pid}-${started}-00000000`;
const elsewhere = "00000000-1-7-00000000";

it("restores the folder of a process that was killed between the two renames", async () => {
  await writeFolderAtomic(scratch.at("d"), [["a.txt", "old"]]);
  const program = `
    import fs from "node:fs/promises";
    import { writeFolderAtomic } from ${JSON.stringify(built)};
    const rename = fs.rename;
    let calls = 0;
    fs.rename = async (...paths) => {
      if (++calls === 2) { console.log("between"); await new Promise(() => setInterval(() => {}, 1000)); }
      return rename(...paths);
    };
    await writeFolderAtomic(${JSON.stringify(scratch.at("d"))}, [["a.txt", "new"]], { wrote: () => true, own: () => true });
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  await once(child.stdout, "data");
  // Nothing changes while its process is alive.
  expect(await recoverReplaced(scratch.at("d"))).toBe(false);
  child.kill("SIGKILL");
  await ended;
  expect(names(scratch.path)).not.toContain("d");
  expect(await recoverReplaced(scratch.at("d"))).toBe(true);
  expect(names(scratch.path)).toEqual(["d"]);
  expect(readFileSync(scratch.at("d", "a.txt"), "utf8")).toBe("old");
});

it("a killed process 1 does not block the next process 1", async () => {
  left(".d.tmp-1-1");
  left(`.d.tmp-${dead}`);
  left(`.d.tmp-${elsewhere}`);
  left(`.d.tmp-${living}`);
  left(".e.tmp-1-1");
  const long = Date.now() / 1000 - 7 * 3600;
  await writeFolderAtomic(scratch.at("d"), [["a.txt", "new"]]);
  // A folder of a process that cannot be checked is kept for some hours; a folder of a dead process is removed.
  expect(names(scratch.path)).toEqual(
    [".d.tmp-1-1", `.d.tmp-${elsewhere}`, `.d.tmp-${living}`, ".e.tmp-1-1", "d"].sort(),
  );
  for (const name of ["a.txt", "."]) utimesSync(scratch.at(`.d.tmp-${elsewhere}`, name), long, long);
  // Its change time is now: it is not old yet.
  await recoverReplaced(scratch.at("d"));
  expect(names(scratch.path)).toContain(`.d.tmp-${elsewhere}`);
});

it("keeps another program's files, however old, whose names only begin like temporary ones", async () => {
  for (const name of [".d.tmp-mine", ".d.old-backup", ".d.tmp-2026", ".d.tmp-mine-1-1", ".d.tmp-1-1"]) left(name);
  const inAYear = Date.now() + 365 * 86_400_000;
  vi.spyOn(Date, "now").mockReturnValue(inAYear);
  onTestFinished(() => void vi.restoreAllMocks());
  expect(await recoverReplaced(scratch.at("d"))).toBe(false);
  // The last one is of an earlier version of kshot.
  expect(names(scratch.path)).toEqual([".d.old-backup", ".d.tmp-2026", ".d.tmp-mine", ".d.tmp-mine-1-1"]);
});

it("removes what is left of an exchange once the new folder is there", async () => {
  left(`.d.old-${dead}`);
  left("d", "new");
  expect(await recoverReplaced(scratch.at("d"))).toBe(false);
  expect(names(scratch.path)).toEqual(["d"]);
  expect(readFileSync(scratch.at("d", "a.txt"), "utf8")).toBe("new");
});

it("takes names as long as a file system allows", async () => {
  const name = "ö".repeat(120);
  await writeFolderAtomic(scratch.at(name), [["a.txt", "new"]]);
  expect(names(scratch.path)).toEqual([name]);
});
