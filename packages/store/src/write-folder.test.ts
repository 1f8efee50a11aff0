import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import fs from "node:fs/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { names, scratchFolder, systemError } from "../test/scratch.js";
import { removeUnfinishedFolders, writeFolderAtomic } from "./index.js";

const scratch = scratchFolder();
afterEach(() => vi.restoreAllMocks());

const files = new Map([
  ["summary.json", "{}\n"],
  ["pairs/pairs_train.parquet", new Uint8Array([1, 2, 3])],
] as [string, string | Uint8Array][]);

/** A rule that treats `oldFolder` as written by kshot. */
const notesAreOwn = { wrote: () => true, own: (name: string) => name === "notes.txt" };

function oldFolder(): void {
  mkdirSync(scratch.at("mars"));
  writeFileSync(scratch.at("mars", "notes.txt"), "mine");
}

function expectOld(): void {
  expect(names(scratch.path)).toEqual(["mars"]);
  expect(names(scratch.at("mars"))).toEqual(["notes.txt"]);
  expect(readFileSync(scratch.at("mars", "notes.txt"), "utf8")).toBe("mine");
}

function expectNew(): void {
  expect(names(scratch.path)).toEqual(["mars"]);
  expect(names(scratch.at("mars"))).toEqual(["pairs", "summary.json"]);
  expect([...readFileSync(scratch.at("mars", "pairs", "pairs_train.parquet"))]).toEqual([1, 2, 3]);
}

describe("writes", () => {
  it("a new folder with folders inside", async () => {
    await writeFolderAtomic(scratch.at("mars"), files);
    expectNew();
  });

  it("files that arrive one by one", async () => {
    await writeFolderAtomic(
      scratch.at("mars"),
      (async function* () {
        for (const entry of files) yield entry;
      })(),
    );
    expectNew();
  });

  it("into an empty folder", async () => {
    mkdirSync(scratch.at("mars"));
    await writeFolderAtomic(scratch.at("mars"), files);
    expectNew();
  });

  it("over a folder that may be replaced, which is then removed", async () => {
    oldFolder();
    await writeFolderAtomic(scratch.at("mars"), files, notesAreOwn);
    expectNew();
  });

  it("through a symbolic link", async () => {
    mkdirSync(scratch.at("elsewhere"));
    symlinkSync(scratch.at("elsewhere"), scratch.at("link"));
    await writeFolderAtomic(scratch.at("link"), files);
    expect(names(scratch.path)).toEqual(["elsewhere", "link"]);
    expect(names(scratch.at("elsewhere"))).toEqual(["pairs", "summary.json"]);
  });
});

describe("refuses with USAGE, unchanged,", () => {
  it("a folder with files and no permission to replace", async () => {
    oldFolder();
    await expect(writeFolderAtomic(scratch.at("mars"), files)).rejects.toMatchObject({ code: "USAGE" });
    expectOld();
  });

  it("a folder that kshot did not write, for all names of its files", async () => {
    oldFolder();
    await expect(writeFolderAtomic(scratch.at("mars"), files, { ...notesAreOwn, wrote: () => false })).rejects.toThrow(
      /a folder that kshot did not write/,
    );
    expectOld();
  });

  it("a folder that gets a foreign file while it is built", async () => {
    oldFolder();
    async function* slow(): AsyncGenerator<[string, string]> {
      yield ["a.txt", "a"];
      writeFileSync(scratch.at("mars", "late.txt"), "late");
    }
    await expect(writeFolderAtomic(scratch.at("mars"), slow(), notesAreOwn)).rejects.toThrow(/late\.txt/);
    expect(names(scratch.path)).toEqual(["mars"]);
    expect(names(scratch.at("mars"))).toEqual(["late.txt", "notes.txt"]);
  });

  it("a file at its path", async () => {
    writeFileSync(scratch.at("mars"), "a file");
    await expect(writeFolderAtomic(scratch.at("mars"), files, notesAreOwn)).rejects.toMatchObject({
      code: "USAGE",
    });
    expect(readFileSync(scratch.at("mars"), "utf8")).toBe("a file");
  });

  it.each(["../outside", "/absolute", "", "a/../..", "."])('the path "%s"', async (path) => {
    const bad = new Map([["good", "x"]]).set(path, "x");
    await expect(writeFolderAtomic(scratch.at("mars"), bad)).rejects.toMatchObject({ code: "USAGE" });
    expect(names(scratch.path)).toEqual([]);
  });

  it("a file twice", async () => {
    const twice: [string, string][] = [
      ["a/b", "1"],
      ["a/./b", "2"],
    ];
    await expect(writeFolderAtomic(scratch.at("mars"), twice)).rejects.toThrow(/twice/);
    expect(names(scratch.path)).toEqual([]);
  });

  it("a parent that is a file", async () => {
    writeFileSync(scratch.at("file"), "x");
    await expect(writeFolderAtomic(scratch.at("file", "mars"), files)).rejects.toMatchObject({ code: "USAGE" });
  });
});

describe("keeps the old folder and nothing else", () => {
  it("if the content fails half way", async () => {
    oldFolder();
    const failing = (async function* () {
      yield ["a", "x"] as const;
      throw systemError("ENOSPC");
    })();
    await expect(writeFolderAtomic(scratch.at("mars"), failing, notesAreOwn)).rejects.toMatchObject({
      code: "FAILED",
    });
    expectOld();
  });

  it.each([1, 2])("if rename %i of the exchange fails", async (failing) => {
    oldFolder();
    const rename = fs.rename;
    let call = 0;
    vi.spyOn(fs, "rename").mockImplementation(async (from, to) => {
      if (++call === failing) throw systemError("EACCES");
      await rename(from, to);
    });
    await expect(writeFolderAtomic(scratch.at("mars"), files, notesAreOwn)).rejects.toMatchObject({
      code: "USAGE",
    });
    expectOld();
  });
});

it("an incomplete folder can be removed at once, before a program ends", async () => {
  let reached = () => {};
  const begun = new Promise<void>((resolve) => (reached = resolve));
  async function* slow(): AsyncGenerator<[string, string]> {
    yield ["a.txt", "a"];
    reached();
    await new Promise((resolve) => setTimeout(resolve, 50));
    yield ["deep/b.txt", "b"];
  }
  const writing = writeFolderAtomic(scratch.at("mars"), slow()).catch(() => {});
  await begun;
  expect(names(scratch.path)).toHaveLength(1);
  removeUnfinishedFolders();
  expect(names(scratch.path)).toEqual([]);
  await writing;
});

it.each(["a", "b/c"])("a write after a signal removed the folder does not make it again: %s", async (path) => {
  const content = (async function* () {
    yield ["first", "1"] as const;
    removeUnfinishedFolders();
    yield [path, "2"] as const;
  })();
  await expect(writeFolderAtomic(scratch.at("mars"), content)).rejects.toMatchObject({ code: "USAGE" });
  expect(names(scratch.path)).toEqual([]);
});
