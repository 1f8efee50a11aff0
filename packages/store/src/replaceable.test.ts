import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { scratchFolder } from "../test/scratch.js";
import { fileBegins, kshotJson, type ReplaceRule, requireReplaceable, writeFileAtomic } from "./index.js";

const scratch = scratchFolder();

const own = (name: string) => ["summary.json", "pairs/a.parquet"].includes(name);
const folderRule: ReplaceRule = { wrote: () => true, own };

/** A folder as kshot writes it, with additional files. */
function dataFolder(...more: readonly string[]): string {
  mkdirSync(scratch.at("d", "pairs"), { recursive: true });
  writeFileSync(scratch.at("d", "summary.json"), "{}");
  writeFileSync(scratch.at("d", "pairs", "a.parquet"), "PAR1");
  for (const name of more) {
    if (name.endsWith("/")) mkdirSync(scratch.at("d", name), { recursive: true });
    else writeFileSync(scratch.at("d", name), "mine");
  }
  return scratch.at("d");
}

describe("a folder", () => {
  it("that does not exist, is empty, or holds only files of kshot may be replaced", async () => {
    expect(await requireReplaceable(scratch.at("d"), folderRule)).toBe("nothing");
    mkdirSync(scratch.at("empty"));
    expect(await requireReplaceable(scratch.at("empty"), undefined)).toBe("own");
    expect(await requireReplaceable(dataFolder(), folderRule)).toBe("own");
  });

  it.each([
    ["an input", ["e.csv"], /e\.csv/],
    ["notes of somebody", ["notes.txt"], /notes\.txt/],
    ["a file next to the pairs", ["pairs/b.parquet"], /pairs\/b\.parquet/],
    ["an empty folder", ["runs/"], /runs\//],
    ["trained runs", ["runs/", "runs/meta.json"], /runs\/meta\.json/],
    ["many files", ["a", "b", "c", "d", "e"], /: a, b, c and 2 more/],
  ])("with %s may not be replaced, and the error names it", async (_, more, says) => {
    await expect(requireReplaceable(dataFolder(...more), folderRule)).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringMatching(says),
    });
  });

  it("of which a file was edited may not be replaced, and the error names it", async () => {
    const edited = async () => ["pairs/a.parquet"];
    await expect(requireReplaceable(dataFolder(), { ...folderRule, edited })).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringMatching(/changed since kshot wrote them: pairs\/a\.parquet\./),
    });
    expect(await requireReplaceable(dataFolder(), { ...folderRule, edited: async () => [] })).toBe("own");
  });

  it("with a link in it may not be replaced: the link's target is not from kshot", async () => {
    const folder = dataFolder();
    writeFileSync(scratch.at("elsewhere"), "mine");
    symlinkSync(scratch.at("elsewhere"), scratch.at("d", "link"));
    await expect(requireReplaceable(folder, folderRule)).rejects.toThrow(/link/);
  });

  it("that holds a file the command reads may not be replaced, under any name, also through a link", async () => {
    const folder = dataFolder();
    const input = scratch.at("d", "summary.json");
    await expect(requireReplaceable(folder, { ...folderRule, inputs: [input] })).rejects.toThrow(
      /summary\.json, which/,
    );
    symlinkSync(folder, scratch.at("way"));
    const led = scratch.at("way", "summary.json");
    await expect(requireReplaceable(folder, { ...folderRule, inputs: [led] })).rejects.toThrow(
      /writing would replace it/,
    );
  });
});

describe("a file", () => {
  const results: ReplaceRule = { wrote: (file) => fileBegins(file, kshotJson) };

  it.each([
    ["results", '{"schema":"kshot.results/1"}', true],
    ["results on several lines", '{\n  "schema": "kshot.results/1"\n}', true],
    ["a vocabulary", '{"course-1": 0}', false],
    ["a model", "\x10\x00\x00\x00\x00\x00\x00\x00{}", false],
    ["nothing", "", false],
  ])("that holds %s", async (_, content, replaced) => {
    writeFileSync(scratch.at("f"), content);
    const writing = writeFileAtomic(scratch.at("f"), "new", results);
    if (replaced) await writing;
    else await expect(writing).rejects.toMatchObject({ code: "USAGE" });
    expect(readFileSync(scratch.at("f"), "utf8")).toBe(replaced ? "new" : content);
  });

  it("that the command reads may not be replaced", async () => {
    writeFileSync(scratch.at("f"), '{"schema":"kshot.results/1"}');
    const rule = { ...results, inputs: [scratch.at("f")] };
    await expect(writeFileAtomic(scratch.at("f"), "new", rule)).rejects.toThrow(
      /reads this file, and writing would replace it/,
    );
  });
});
