import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { names, scratchFolder } from "../test/scratch.js";
import { removeUnfinishedFolders, withScratchFolder } from "./index.js";
import { thisProcess } from "./process-identity.js";

const scratch = scratchFolder();
afterEach(() => vi.unstubAllEnvs());

const { machine, pid, started } = thisProcess();

it("is the caller's alone, and removed at the end, also after an error", async () => {
  vi.stubEnv("TMPDIR", scratch.path);
  const work = async (folder: string | undefined) => {
    expect(statSync(folder!).mode & 0o777).toBe(0o700);
    writeFileSync(join(folder!, "spilled"), "secret");
    throw new Error("stopped");
  };
  await expect(withScratchFolder(work)).rejects.toThrow("stopped");
  expect(names(scratch.path)).toEqual([]);
});

it("is removed on a signal, and what a killed process left is removed at the next start", async () => {
  vi.stubEnv("TMPDIR", scratch.path);
  const dead = `.kshot-scratch.tmp-${machine}-${pid}-1-00000000`;
  const living = `.kshot-scratch.tmp-${machine}-${pid}-${started}-00000000`;
  for (const name of [dead, living]) mkdirSync(scratch.at(name));
  await withScratchFolder(async (folder) => {
    expect(existsSync(folder!)).toBe(true);
    removeUnfinishedFolders();
    expect(names(scratch.path)).toEqual([living]);
  });
});

it("is undefined if the temporary folder does not exist", async () => {
  vi.stubEnv("TMPDIR", scratch.at("nowhere"));
  expect(await withScratchFolder(async (folder) => folder)).toBeUndefined();
  expect(names(scratch.path)).toEqual([]);
});
