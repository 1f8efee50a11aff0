import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { kshot, temporaryFolder, writeEvents } from "./kshot.js";

/** What a terminal obeys, and what reorders text: nothing of it may be printed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds control characters
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const clear = "\x1b[2J";
const title = "\x1b]0;mine\x07";
const items = ["__proto__", "constructor", "toString", `clear${clear}`, `title${title}`, "evil\u202etxt", "\u009b31m"];

/** People who meet the items in turn. */
const events = (people: number) =>
  `user,item,time\n${Array.from({ length: people }, (_, p) =>
    items
      .map((item, i) => `p${clear}${p},"${items[(i + p) % items.length] ?? item}",${1_600_000_000 + 60 * i}`)
      .join("\n"),
  ).join("\n")}\n`;

describe("names with control characters, and names that objects have by themselves", () => {
  it("are kept in the data, trained on, recommended, and printed with escapes", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "e.csv"), events(30));
    writeFileSync(join(folder, "titles.csv"), `id,name\n__proto__,first\n"clear${clear}","a ${title} title"\n`);
    const said = async (...args: string[]) => {
      const done = await kshot(args, folder);
      expect(done.status, done.stderr).toBe(0);
      expect(done.stdout).not.toMatch(obeyed);
      expect(done.stderr).not.toMatch(obeyed);
      return done;
    };
    await said("prepare", "--input", "e.csv", "--out", "d", "--k", "2", "--q", "3", "--titles", "titles.csv:id:name");
    const vocabulary = new Map(
      Object.entries(JSON.parse(readFileSync(join(folder, "d/vocab/course2id.json"), "utf8"))),
    );
    expect(new Set(vocabulary.keys())).toEqual(new Set(items));
    expect([...vocabulary.values()].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const titles = new Map(Object.entries(JSON.parse(readFileSync(join(folder, "d/vocab/titles.json"), "utf8"))));
    expect(titles.get("__proto__")).toBe("first");
    expect((await said("inspect", "d")).stdout).toMatch(/sound/);
    await said(
      "train",
      "--data",
      "d",
      "--algorithm",
      "popularity,gru",
      "--epochs",
      "1",
      "--hidden-dim",
      "8",
      "--out",
      "runs",
    );
    const tag = readFileSync(join(folder, "runs", "meta.json"), "utf8").match(/"run_tag": ?"(\w+)"/)?.[1] ?? "";
    await said("compare", `runs/reports/kshot/${tag}`);
    const run = ["recommend", "--model", `runs/reports/kshot/${tag}`, "--history", "__proto__", "--top", "7"];
    const { stdout } = await said(...run);
    expect(stdout).toContain("clear\\u{1b}[2J");
    expect(stdout).toContain("a \\u{1b}]0;mine\\u{7} title");
    expect(stdout).toMatch(/__proto__ +first/);
    expect(stdout).toMatch(/constructor$/m);
    const json = JSON.parse((await kshot([...run, "--json"], folder)).stdout);
    expect(new Set(json.items.map(({ item }: { item: string }) => item))).toEqual(new Set(items));
  });

  it.each([
    ["a header", `${clear}user,item,time\na,b,1\n`, ["--user", "user"]],
    ["a cell", `user,item,time\na,b,yester${title}day\n`, []],
    ["a flag's value", "user,item,time\na,b,1\n", ["--user", `us${clear}er`]],
    ["an unknown flag", "user,item,time\na,b,1\n", [`--us${clear}`]],
  ])("in %s are printed with escapes in a refusal", async (_, text, flags) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "e.csv"), text);
    const { status, stdout, stderr } = await kshot(["prepare", "--input", "e.csv", "--out", "d", ...flags], folder);
    expect(status).toBeGreaterThan(1);
    expect(stdout + stderr).not.toMatch(obeyed);
    expect(stderr).toMatch(/\\u\{1b\}/);
  });
});

it("a configuration with a byte order mark is read, and data that are not there leave no project behind", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "c.json"), `\uFEFF${JSON.stringify({ K: 5 })}`);
  for (const flags of [["--config", "c.json"], [], ["--suite", "default"]]) {
    const { status, stderr } = await kshot(["train", "--data", "nodata", ...flags], folder);
    expect(status).toBe(3);
    expect(stderr).toMatch(/nodata: no such folder/);
    expect(existsSync(join(folder, "kshot-runs"))).toBe(false);
  }
});

describe("NUL, which no file name can have, in a path is refused by name, and nothing is written", () => {
  it.each([
    ["inspect", ["inspect", "a\0b"]],
    ["an input", ["prepare", "--input", "a\0b.csv", "--out", "out"]],
    ["a data folder to write", ["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "out\0put"]],
    ["a data folder to read", ["train", "--data", "da\0ta", "--out", "out"]],
    ["a project", ["train", "--data", "data", "--algorithm", "markov", "--out", "out\0put"]],
    ["settings", ["train", "--config", "a\0b.json", "--data", "data", "--out", "out"]],
    ["a model", ["recommend", "--model", "a\0b", "--history", "x"]],
  ])("%s", async (_, args) => {
    const folder = temporaryFolder();
    writeEvents(join(folder, "events.csv"));
    const data = ["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "data"];
    if (args[0] === "train") expect((await kshot(data, folder)).status).toBe(0);
    const before = readdirSync(folder).sort();
    const done = await kshot(args, folder);
    expect(done.stderr).toMatch(
      /^kshot: [^\n]*\\u\{0\}[^\n]*: NUL in it\. Expected the path of a file or a folder\.\n$/,
    );
    expect(done.status).toBe(2);
    expect(done.stderr).not.toContain("\0");
    expect(readdirSync(folder).sort()).toEqual(before);
  });
});
