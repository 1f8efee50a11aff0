import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type PrepareOptions, prepareEventsWithAccount } from "../src/index.js";
import { eventsFile, temporaryFolder, threePeople } from "./events.js";

const latin1 = (text: string) => Buffer.from(text, "latin1");
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le");

/** Fields of MovieLens 100K: 5, and 19 genres. */
const uItem = (titles: readonly string[]) =>
  titles.map((title, i) => `${i + 1}|${title}|01-Jan-1995||http://example.com/${i + 1}${"|0".repeat(19)}\n`).join("");
/** Lines of MovieLens 1M. */
const moviesDat = (titles: readonly string[]) =>
  titles.map((title, i) => `${i + 1}::${title}::Animation|Children's\n`).join("");

/** Titles of items 1, 2 and 3 from a file; the separator and encoding of events do not matter. */
async function titlesOf(
  name: string,
  content: string | Uint8Array,
  [id, title]: readonly [string, string],
  how: Pick<NonNullable<PrepareOptions["titles"]>, "separator" | "encoding"> = {},
  ofEvents: Partial<PrepareOptions> = {},
) {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, content);
  const events = threePeople([
    ["1", 1],
    ["2", 2],
    ["3", 3],
  ]);
  const { data, warnings } = await prepareEventsWithAccount(
    eventsFile(events, { titles: { file, id, name: title, ...how }, ...ofEvents }),
  );
  expect(warnings).toEqual([]);
  return data.titles;
}

const three = ["Toy Story (1995)", 'Léon, "The Professional" (1994)', "Se7en | a; film (1995)"];
const withoutBar = [three[0]!, three[1]!, "Se7en; a film (1995)"];

describe("titles are read from", () => {
  it.each<[string, string, string | Uint8Array, [string, string], object?, object?, (readonly string[])?]>([
    [
      "u.item of MovieLens 100K",
      "u.item",
      latin1(uItem(withoutBar)),
      ["1", "2"],
      { encoding: "latin-1" },
      {},
      withoutBar,
    ],
    [
      "u.item, the events in its encoding",
      "u.item",
      latin1(uItem(withoutBar)),
      ["1", "2"],
      {},
      { encoding: "latin-1" },
      withoutBar,
    ],
    ["movies.dat of MovieLens 1M", "movies.dat", latin1(moviesDat(three)), ["1", "2"], { encoding: "latin-1" }],
    [
      "movies.dat of one line of text with quotes at its ends",
      "movies.dat",
      '1::"Heroes"::x\n2::"a" b::x\n3::"c::x\n',
      ["1", "2"],
      {},
      {},
      ["Heroes", '"a" b', '"c'],
    ],
    [
      "UTF-8, while the events are in another encoding",
      "movies.dat",
      moviesDat(three),
      ["1", "2"],
      {},
      { encoding: "latin-1" },
    ],
    [
      "an .item file of RecBole",
      "ml.item",
      `item_id:token\tmovie_title:token_seq\tclass:token_seq\n${three.map((title, i) => `${i + 1}\t${title}\tx y\n`).join("")}`,
      ["item_id", "movie_title"],
    ],
    [
      "CSV with a byte order mark and CRLF",
      "items.csv",
      `\ufeffmovieId,title\r\n${three.map((title, i) => `${i + 1},"${title.replaceAll('"', '""')}"\r\n`).join("")}`,
      ["movieId", "title"],
    ],
    [
      "CSV with a title over two lines",
      "items.csv",
      'id,title\n1,"a\nb"\n2,c\n3,"d, ""e"""\n',
      ["id", "title"],
      {},
      {},
      ["a\nb", "c", 'd, "e"'],
    ],
    ["CSV without a header", "items.csv", "1,a\n2,b\n3,c\n", ["1", "2"], {}, {}, ["a", "b", "c"]],
    [
      "numbers of columns below a header",
      "items.csv",
      "id,title\n1,a\n2,b\n3,c\n",
      ["1", "2"],
      {},
      {},
      ["a", "b", "c"],
    ],
    ["columns that are called by numbers", "items.csv", "2,1\na,1\nb,2\nc,3\n", ["1", "2"], {}, {}, ["a", "b", "c"]],
    [
      "columns in another order, with blank lines",
      "items.csv",
      "title;x;id\n\na;0;1\nb;0;2\n\nc;0;3\n",
      ["id", "title"],
      {},
      {},
      ["a", "b", "c"],
    ],
    [
      "text with a separator that is named",
      "items.txt",
      "1 - a\n2 - b\n3 - c\n",
      ["1", "2"],
      { separator: " - " },
      {},
      ["a", "b", "c"],
    ],
    [
      "UTF-16",
      "items.txt",
      utf16("id\ttitle\n1\tá\n2\tb\n3\tc\n"),
      ["id", "title"],
      { encoding: "utf-16" },
      {},
      ["á", "b", "c"],
    ],
    ["gzip", "u.item.gz", gzipSync(latin1(uItem(withoutBar))), ["1", "2"], { encoding: "latin-1" }, {}, withoutBar],
    [
      "JSON lines",
      "items.jsonl",
      '{"id":1,"t":{"en":"a"}}\n{"id":2,"t":{"en":"b"}}\n{"id":3,"t":{"en":"c"}}\n',
      ["id", "t.en"],
      {},
      { encoding: "latin-1" },
      ["a", "b", "c"],
    ],
    [
      "a file with a title that is missing and one that is blank",
      "items.csv",
      "id,title\n1,a\n3, \n",
      ["id", "title"],
      {},
      {},
      ["a", "2", "3"],
    ],
    [
      "a file with :: in some titles",
      "items.csv",
      "id,title\n1,std::vector\n2,b\n3,c\n",
      ["id", "title"],
      {},
      {},
      ["std::vector", "b", "c"],
    ],
  ])("%s", async (_, name, content, columns, how, ofEvents, titles = three) => {
    expect(await titlesOf(name, content, columns, how, ofEvents)).toEqual(titles);
  });
});

describe("titles are refused with the flag that helps:", () => {
  it.each<[string, string, string | Uint8Array, [string, string], object, RegExp]>([
    [
      "Latin-1, not said",
      "u.item",
      latin1(uItem(three)),
      ["1", "2"],
      {},
      /u\.item: text that is not utf-8.*--titles-encoding: latin-1/,
    ],
    ["UTF-16, not said", "u.item", utf16("id\ttitle\n1\tá\n"), ["id", "title"], {}, /UTF-16.*--titles-encoding utf-16/],
    [
      "no header, columns by name",
      "movies.dat",
      moviesDat(three),
      ["id", "title"],
      {},
      /no column "id".*"::".*--titles movies\.dat:1:2/,
    ],
    [
      "a name that is nearly one",
      "items.csv",
      "movie,title\n1,a\n",
      ["movi", "title"],
      {},
      /no column "movi".*movie, title.*Did you mean "movie"/,
    ],
    ["a number beyond the columns", "items.csv", "1,a\n", ["1", "3"], {}, /no column "3"/],
    ["a separator that is not found", "items.txt", "1 - a\n2 - b\n", ["1", "2"], {}, /no column "2".*--titles-sep/],
    [
      "a comma that is not quoted",
      "items.csv",
      "id,title\n1,a\n2,b, c\n",
      ["id", "title"],
      {},
      /items\.csv, line 3: 3 fields.*--titles-sep/,
    ],
    [
      "a quote that does not close",
      "items.csv",
      'id,title\n1,"a\n2,b\n',
      ["id", "title"],
      {},
      /items\.csv, line 3.*[Qq]uote.*--titles-sep/,
    ],
    [
      "JSON with another key",
      "items.jsonl",
      '{"id":1,"title":"a"}\n',
      ["id", "name"],
      {},
      /no column "name".*--titles FILE:id:name/,
    ],
    [
      "JSON in another encoding",
      "items.jsonl",
      '{"id":1,"title":"a"}\n',
      ["id", "title"],
      { encoding: "latin-1" },
      /remove --titles-encoding/,
    ],
    [
      "an unknown encoding",
      "items.csv",
      "id,title\n1,a\n",
      ["id", "title"],
      { encoding: "klingon" },
      /--titles-encoding: "klingon"/,
    ],
    [
      "a separator that is too long",
      "items.csv",
      "id,title\n1,a\n",
      ["id", "title"],
      { separator: "-----" },
      /--titles-sep: "-----"/,
    ],
  ])("%s", async (_, name, content, columns, how, says) => {
    const error = await titlesOf(name, content, columns, how).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ message: expect.stringMatching(says) });
    expect((error as Error).message).not.toMatch(/--(sep|encoding|no-header|user|item|skip-bad)\b/);
  });
});
