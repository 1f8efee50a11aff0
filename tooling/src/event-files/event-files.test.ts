import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { KshotError } from "@kshot/contract";
import { type PrepareOptions, prepareEventsWithAccount } from "@kshot/episodes/files";
import { describe, expect, it, onTestFinished } from "vitest";
import { countPairs } from "./count-pairs.js";
import { events, type FileKind, kinds } from "./kinds/index.js";
import { writeParquet } from "./write-parquet.js";

/** Words of a command line; quotes group words. */
function wordsOf(flags: string): string[] {
  return Array.from(flags.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? "");
}

/** The options of flags. */
function optionsOf(flags: string): Partial<PrepareOptions> {
  const columns: Record<string, string> = { user: "user", item: "item", time: "time" };
  const options: Record<string, unknown> = { columns };
  const words = wordsOf(flags);
  for (let at = 0; at < words.length; at++) {
    const flag = words[at] ?? "";
    if (flag === "--no-header") options.header = false;
    else if (flag === "--no-quotes") options.quotes = false;
    else if (flag === "--user-from-filename") options.userFromFilename = true;
    else {
      const value = words[++at] ?? "";
      const set: Record<string, () => void> = {
        "--user": () => (columns.user = value),
        "--item": () => (columns.item = value),
        "--time": () => (columns.time = value),
        "--order": () => (columns.order = value),
        "--sep": () => (options.separator = value),
        "--encoding": () => (options.encoding = value),
        "--null": () => (options.nulls = value.split(",")),
        "--skip-bad": () => (options.skipBad = Number(value)),
        "--ties": () => (options.ties = value),
        "--time-unit": () => (options.timeUnit = value),
        "--time-format": () => (options.timeFormat = value),
        "--session-gap": () => (options.sessionGap = value === "none" ? null : Number(value)),
      };
      const apply = set[flag];
      if (!apply) throw new Error(`no flag ${flag}`);
      apply();
    }
  }
  return options as Partial<PrepareOptions>;
}

async function read(kind: FileKind) {
  const folder = mkdtempSync(join(tmpdir(), "kshot-kinds-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(kind.files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    if (typeof content === "string" || content instanceof Uint8Array) writeFileSync(file, content);
    else await writeParquet(file, events, content.parquet);
  }
  const names = kind.input === undefined ? Object.keys(kind.files) : [kind.input];
  return prepareEventsWithAccount({
    columns: { user: "user", item: "item", time: "time" },
    sessionGap: 1800,
    maxPrefix: 0,
    split: [1, 0, 0],
    k: 1,
    q: 1,
    dataSeed: 1,
    ...optionsOf(kind.flags ?? ""),
    inputs: names.map((name) => join(folder, name)),
  });
}

/** A row of the table in docs/data.md. */
interface Listed {
  readonly name: string;
  readonly flags: string;
  readonly file: string;
  readonly line: string;
  readonly outcome: string;
}

const docs = readFileSync(fileURLToPath(new URL("../../../docs/data.md", import.meta.url)), "utf8");
const listed: readonly Listed[] = docs
  .slice(docs.indexOf("## Kinds of file"), docs.indexOf("## Times"))
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .slice(2)
  .map((line) => {
    const [, name = "", flags = "", file = "", shown = "", outcome = ""] = line
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
    return { name, flags, file, line: shown, outcome };
  });

/** A text whose blanks and line ends are one blank each, as a table cell shows it. */
function inOneLine(text: string): string {
  return text.replace(/[^\S\t]+/g, " ");
}

describe("files of events", () => {
  it.each(kinds.filter(({ events }) => events !== null))("are read right: $name", async (kind) => {
    const { data, rows, notes, warnings } = await read(kind);
    const flags = optionsOf(kind.flags ?? "");
    const gap = flags.sessionGap === null ? Number.POSITIVE_INFINITY : (flags.sessionGap ?? 1800);
    const expected = countPairs(kind.events ?? [], { gap, ...(flags.ties ? { ties: flags.ties } : {}) });
    const { pairs } = data.train;
    const found: Record<string, string[]> = {};
    for (let row = 0; row < pairs.length; row++) {
      const user = pairs.users[pairs.user[row] ?? -1] ?? "";
      found[user] ??= [];
      found[user].push(`${data.items[pairs.label[row] ?? -1]}@${pairs.labelTime[row]?.toFixed(3)}`);
    }
    expect(found).toEqual(expected);
    expect(new Set(data.items)).toEqual(new Set((kind.events ?? []).map(({ item }) => item)));
    const dropped = Object.values(rows.dropped).reduce((sum, { count }) => sum + count, 0);
    expect(rows.read).toBe(dropped + rows.sessionStarts + rows.pairs.kept);
    if (kind.notes) expect([...notes, ...warnings].join("\n")).toMatch(kind.notes);
    else expect(notes).toEqual([]);
  });

  it.each(kinds.filter(({ events }) => events === null))("are refused with what helps: $name", async (kind) => {
    const error = await read(kind).then(
      () => expect.fail("it was read"),
      (caught: unknown) => caught,
    );
    expect(KshotError.isInstance(error) && error.code, String(error)).toBe("DATA");
    expect((error as Error).message).toMatch(kind.says ?? /$^/);
    expect((error as Error).message.split("\n")).toHaveLength(1);
    // The flags that the docs promise.
    const outcome = listed.find(({ name }) => name === kind.name)?.outcome ?? "";
    for (const [, flag] of outcome.matchAll(/`([^`]+)`/g)) expect((error as Error).message).toContain(flag);
  });

  it("are all in docs/data.md, with their flags, file, a line of it, and what becomes of it", () => {
    expect(listed.map(({ name }) => name)).toEqual(kinds.map(({ name }) => name));
    expect(kinds.length).toBeGreaterThanOrEqual(40);
    /** Lines that no file of the kind has. */
    const absent: string[] = [];
    for (const [i, kind] of kinds.entries()) {
      const { name, flags, file, line, outcome } = listed[i] as Listed;
      expect(flags, name).toBe(kind.flags === undefined ? "" : `\`${kind.flags}\``);
      expect([kind.input, ...Object.keys(kind.files)], name).toContain(file);
      const shown = inOneLine(line.slice(1, -1).replaceAll("⇥", "\t").replaceAll("\\|", "|").replace(/…$/, ""));
      const texts = Object.values(kind.files).flatMap((content) => {
        if (content instanceof Uint8Array) return [Buffer.from(content).toString("latin1")];
        return typeof content === "string" ? [content] : [];
      });
      if (line !== "" && !texts.some((text) => inOneLine(text).includes(shown))) absent.push(`${name}: ${shown}`);
      expect(outcome.split(/[:,]/)[0], name).toBe(kind.events === null ? "refused" : "read");
      // What it says or warns of besides.
      if (kind.events !== null) expect(outcome !== "read", name).toBe(kind.notes !== undefined);
    }
    expect(absent).toEqual([]);
  });
});
