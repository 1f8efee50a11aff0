import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import fs from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { names, scratchFolder, systemError } from "../test/scratch.js";
import { writeFileAtomic } from "./index.js";

const scratch = scratchFolder();
afterEach(() => vi.restoreAllMocks());

describe("writes", () => {
  const contents: [string, Parameters<typeof writeFileAtomic>[1], string][] = [
    ["text", "größe\n", "größe\n"],
    ["bytes", new TextEncoder().encode("abc"), "abc"],
    ["nothing", "", ""],
    ["pieces", ["a", new TextEncoder().encode("ö"), "c"], "aöc"],
    [
      "pieces that come one by one",
      (async function* () {
        yield "a,";
        yield "b";
      })(),
      "a,b",
    ],
  ];
  it.each(contents)("%s", async (_, content, expected) => {
    await writeFileAtomic(scratch.at("new", "folder", "file.txt"), content);
    expect(readFileSync(scratch.at("new", "folder", "file.txt"), "utf8")).toBe(expected);
    expect(names(scratch.at("new", "folder"))).toEqual(["file.txt"]);
  });

  it("many pieces in order, also beyond one buffer", async () => {
    const pieces = Array.from({ length: 300_000 }, (_, i) => `${i}\n`);
    await writeFileAtomic(scratch.at("long.txt"), pieces);
    expect(readFileSync(scratch.at("long.txt"), "utf8")).toBe(pieces.join(""));
  });

  it("over an existing file, and twice at the same time without mixing", async () => {
    const a = "a".repeat(3_000_000);
    const b = "b".repeat(3_000_000);
    await writeFileAtomic(scratch.at("file"), "old");
    await Promise.all([writeFileAtomic(scratch.at("file"), a), writeFileAtomic(scratch.at("file"), b)]);
    expect([a, b]).toContain(readFileSync(scratch.at("file"), "utf8"));
    expect(names(scratch.path)).toEqual(["file"]);
  });
});

describe("fails, names the path, keeps the old file and no temporary file", () => {
  it("if the path is a folder: USAGE", async () => {
    mkdirSync(scratch.at("folder"));
    await expect(writeFileAtomic(scratch.at("folder"), "new")).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining(scratch.at("folder")),
    });
    expect(names(scratch.path)).toEqual(["folder"]);
  });

  it("if a parent folder is a file: USAGE", async () => {
    writeFileSync(scratch.at("file"), "old");
    await expect(writeFileAtomic(scratch.at("file", "inside"), "new")).rejects.toMatchObject({ code: "USAGE" });
    expect(readFileSync(scratch.at("file"), "utf8")).toBe("old");
  });

  const codes = [
    ["ENOSPC", "FAILED", /no space is left/],
    ["EIO", "FAILED", /disk reported an error/],
    ["EDQUOT", "FAILED", /quota/],
    ["EACCES", "USAGE", /no permission/],
    ["EROFS", "USAGE", /read-only/],
    ["EWHATEVER", "FAILED", /EWHATEVER/],
  ] as const;

  it.each(codes)("if opening gives %s: %s", async (code, expected, message) => {
    writeFileSync(scratch.at("file"), "old");
    vi.spyOn(fs, "open").mockRejectedValue(systemError(code));
    const error = await writeFileAtomic(scratch.at("file"), "new").catch((e: unknown) => e);
    expect(error).toMatchObject({ code: expected, message: expect.stringMatching(message) });
    expect((error as Error).message).toContain(scratch.at("file"));
    expect(readFileSync(scratch.at("file"), "utf8")).toBe("old");
    expect(names(scratch.path)).toEqual(["file"]);
  });

  it.each(["writeFile", "sync"] as const)("if the disk is full at %s", async (step) => {
    writeFileSync(scratch.at("file"), "old");
    const open = fs.open;
    vi.spyOn(fs, "open").mockImplementation(async (...args) => {
      const file = await open(...args);
      vi.spyOn(file, step).mockRejectedValue(systemError("ENOSPC"));
      return file;
    });
    await expect(writeFileAtomic(scratch.at("file"), "new")).rejects.toMatchObject({ code: "FAILED" });
    expect(readFileSync(scratch.at("file"), "utf8")).toBe("old");
    expect(names(scratch.path)).toEqual(["file"]);
  });

  it("if the rename fails", async () => {
    writeFileSync(scratch.at("file"), "old");
    vi.spyOn(fs, "rename").mockRejectedValue(systemError("EACCES"));
    await expect(writeFileAtomic(scratch.at("file"), "new")).rejects.toMatchObject({ code: "USAGE" });
    expect(readFileSync(scratch.at("file"), "utf8")).toBe("old");
    expect(names(scratch.path)).toEqual(["file"]);
  });

  it("if the content throws", async () => {
    const content = (function* () {
      yield "half";
      throw systemError("EIO");
    })();
    await expect(writeFileAtomic(scratch.at("file"), content)).rejects.toMatchObject({ code: "FAILED" });
    expect(names(scratch.path)).toEqual([]);
  });
});

it("keeps the old file complete when the process is killed between writing and renaming", async () => {
  writeFileSync(scratch.at("file"), "old");
  const built = fileURLToPath(new URL("../dist/index.js", import.meta.url));
  expect(existsSync(built), "the package is built before its tests run").toBe(true);
  const program = `
    import fs from "node:fs/promises";
    import { writeFileAtomic } from ${JSON.stringify(built)};
    fs.rename = () => { console.log("written"); return new Promise(() => setInterval(() => {}, 1000)); };
    await writeFileAtomic(${JSON.stringify(scratch.at("file"))}, "new");
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await ended;
  expect(readFileSync(scratch.at("file"), "utf8")).toBe("old");
  const [temporary, ...others] = names(scratch.path).filter((name) => name !== "file");
  expect(others).toEqual([]);
  expect(readFileSync(scratch.at(temporary!), "utf8")).toBe("new");
  await writeFileAtomic(scratch.at("file"), "newer");
  expect(readFileSync(scratch.at("file"), "utf8")).toBe("newer");
});
