import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { BadInputCase } from "./bad-input-case.js";
import { writeEvents } from "./kshot.js";

/** Events with more columns than three: a rating, a split, a row number. */
function ratedEvents(folder: string): void {
  const rows = ["user,item,time,rating,part,nr"];
  for (let u = 0; u < 30; u++) {
    for (let e = 0; e < 20; e++) {
      const part = u === 7 && e === 3 ? "test" : u < 20 ? "train" : u < 25 ? "valid" : "test";
      rows.push(`u${u},i${(u + e * 3) % 11},${1_600_000_000 + u * 86_400 + e * 60},${1 + (e % 5)},${part},${e}`);
    }
  }
  writeFileSync(join(folder, "events.csv"), `${rows.join("\n")}\n`);
}

const text =
  (content: string | Uint8Array, name = "events.csv") =>
  (folder: string) =>
    writeFileSync(join(folder, name), content);
const prepare = (...flags: string[]) => ["prepare", "--input", "events.csv", "--out", "data", ...flags];

/** What `prepare` refuses, flag by flag; and what no command replaces. */
export const prepareCases: readonly BadInputCase[] = [
  {
    name: "an unknown column in --where",
    before: ratedEvents,
    args: prepare("--where", "ratng >= 4"),
    status: 2,
    says: [/where.*no column "ratng"/, /Did you mean "rating"/],
  },
  {
    name: "a --where that is not a comparison",
    before: ratedEvents,
    args: prepare("--where", "rating"),
    status: 2,
    says: [/"rating" holds an expression of type BIGINT/, /true or false/],
  },
  {
    name: "a --where with a second statement",
    before: ratedEvents,
    args: prepare("--where", "rating >= 4; DROP TABLE events"),
    status: 2,
    says: [/more than one statement/],
  },
  {
    name: "a --where with an SQL clause",
    before: ratedEvents,
    args: prepare("--where", "rating >= 4 FROM read_csv('events.csv')"),
    status: 2,
    says: [/more than one expression/],
  },
  {
    name: "a --where that reads a file",
    before: ratedEvents,
    args: prepare("--where", "rating >= (SELECT count(*) FROM 'events.csv')"),
    status: 2,
    says: [/holds a subquery/],
  },
  {
    name: "a --where with random values",
    before: ratedEvents,
    args: prepare("--where", "rating > random()"),
    status: 2,
    says: [/the function random/],
  },
  {
    name: "a --where that does not parse",
    before: ratedEvents,
    args: prepare("--where", "rating >="),
    status: 2,
    says: [/what DuckDB cannot read/],
  },
  {
    name: "a --where that keeps nothing",
    before: ratedEvents,
    args: prepare("--where", "rating > 5"),
    status: 3,
    says: [/no event left/, /--where/],
  },
  {
    name: "filters that keep nothing",
    before: ratedEvents,
    args: prepare("--min-events-per-user", "21"),
    status: 3,
    says: [/no event left after the filters/, /--min-events-per-user/],
  },
  {
    name: "no items to keep",
    before: ratedEvents,
    args: prepare("--top-items", "0"),
    status: 2,
    says: [/--top-items: "0"/, /1 or more/],
  },
  {
    name: "shares of time that do not add up",
    before: ratedEvents,
    args: prepare("--split-time", ".8,.1,.2"),
    status: 2,
    says: [/--split-time: 0\.8,0\.1,0\.2/, /add up to 1/],
  },
  {
    name: "a split by time that leaves a part empty",
    before: (folder) => {
      const rows = Array.from({ length: 60 }, (_, i) => `u${i % 3},i${i % 7},${1_600_000_000 + i * 60}`);
      text(`user,item,time\n${rows.join("\n")}\n`)(folder);
    },
    args: prepare("--split-time", ".8,.1,.1"),
    status: 3,
    says: [/--split-time leaves validation without people/, /Choose other shares/],
  },
  {
    name: "a person in two splits of a column",
    before: ratedEvents,
    args: prepare("--split-by", "part"),
    status: 3,
    says: [/column part, person "u7": test and train/],
  },
  {
    name: "a split column with other words",
    before: ratedEvents,
    args: prepare("--split-by", "nr"),
    status: 3,
    says: [/column nr, person "u0"/, /train, val .* or test/],
  },
  {
    name: "a split by time and by column",
    before: ratedEvents,
    args: prepare("--split-by", "part", "--split-time", ".8,.1,.1"),
    status: 2,
    says: [/one way to split/],
  },
  {
    name: "more bad rows than --skip-bad allows",
    before: text(
      `user,item,time\n${"a,b\n".repeat(3)}a,x,1600000000\n,x,1600000001\na,,1600000002\na,x,soon\na,b,c,d\n`,
    ),
    args: prepare("--skip-bad", "6"),
    status: 3,
    says: [/7 bad rows, more than 6/, /row 0 .*row 1 .*row 2 .*row 4 \(no person\).*row 5 \(no item\); …/],
  },
  {
    name: "a --where that cannot be computed of a row",
    before: ratedEvents,
    args: prepare("--where", "CAST(part AS INTEGER) > 0"),
    status: 2,
    says: [/--where: .*'train'/, /TRY_CAST/],
  },
  {
    name: "a --where with a quote that does not close",
    before: ratedEvents,
    args: prepare("--where", "part = 'train"),
    status: 2,
    says: [/--where: .*unterminated/],
  },
  {
    name: "everyone in train and a split by time",
    before: ratedEvents,
    args: prepare("--split", "1,0,0", "--split-time", ".8,.1,.1"),
    status: 2,
    says: [/--split: 1,0,0 and --split-time/],
  },
  {
    name: "shares of people and of the time",
    before: ratedEvents,
    args: prepare("--split", ".6,.2,.2", "--split-time", ".8,.1,.1"),
    status: 2,
    says: [/--split: 0\.6,0\.2,0\.2 and --split-time/],
  },
  {
    name: "shares of people and a split by column",
    before: ratedEvents,
    args: prepare("--split", ".6,.2,.2", "--split-by", "part"),
    status: 2,
    says: [/--split: 0\.6,0\.2,0\.2 and --split-by/],
  },
  {
    name: "--session-gap together with --session",
    before: ratedEvents,
    args: prepare("--session", "part", "--session-gap", "60"),
    status: 2,
    says: [/--session-gap: --session part as well/],
  },
  {
    name: "numbers in quotes in --where",
    before: ratedEvents,
    args: prepare("--where", "rating >= '4'"),
    status: 2,
    says: [/text in quotes with rating/, /numbers without quotes/],
  },
  {
    name: "a link to a file of events that is read already",
    before: (folder) => {
      ratedEvents(folder);
      symlinkSync("events.csv", join(folder, "latest.csv"));
    },
    args: prepare("--input", "latest.csv"),
    status: 2,
    says: [/latest\.csv, which is the same file as .*events\.csv/],
  },
  {
    name: "numbers that may be seconds or dates",
    before: text("user,item,time\na,x,1998010112\na,y,1998010113\n"),
    args: prepare(),
    status: 3,
    says: [/seconds since 1970 or dates/, /--time-unit s or --time-format '%Y%m%d%H'/],
  },
  {
    name: "a person from the file's name and from a column",
    before: ratedEvents,
    args: prepare("--user-from-filename", "--user", "part"),
    status: 2,
    says: [/--user-from-filename: --user part as well/],
  },
  {
    name: "a file of events that is named twice",
    before: ratedEvents,
    args: prepare("--input", "./events.csv"),
    status: 2,
    says: [/--input: .*events\.csv more than once/],
  },
  {
    name: "an unknown encoding",
    before: ratedEvents,
    args: prepare("--encoding", "latin-99"),
    status: 2,
    says: [/--encoding: "latin-99"/, /latin-1, utf-16/],
  },
  {
    name: "text in another encoding than --encoding",
    before: text(Buffer.from("user,item,time\na,caf\xe9,1600000000\n", "latin1")),
    args: prepare("--encoding", "shift_jis"),
    status: 3,
    says: [/text that is not shift_jis/, /--encoding/],
  },
  {
    name: "a time format without letters of strptime",
    before: ratedEvents,
    args: prepare("--time-format", "%Q"),
    status: 2,
    says: [/time-format: "%Q"/, /%d\/%m\/%Y/],
  },
  {
    name: "a time that is not of its format",
    before: ratedEvents,
    args: prepare("--time-format", "%d.%m.%Y"),
    status: 3,
    says: [/column time, row 0: "1600000000"/, /of the form %d\.%m\.%Y/],
  },
  {
    name: "a unit and a format of the times",
    before: ratedEvents,
    args: prepare("--time-format", "%Y", "--time-unit", "s"),
    status: 2,
    says: [/one of the two/],
  },
  {
    name: "numbers that may be any time",
    before: text("user,item,time\na,x,43000\na,y,43001.5\n"),
    args: prepare(),
    status: 3,
    says: [/numbers from 43000 to 43001\.5/, /--time-unit/],
  },
  {
    name: "an invalid separator",
    before: ratedEvents,
    args: prepare("--sep", ""),
    status: 2,
    says: [/--sep: ""/, /1 to 4 bytes/],
  },
  {
    name: "an unknown value of --ties",
    before: ratedEvents,
    args: prepare("--ties", "maybe"),
    status: 2,
    says: [/--ties: "maybe"/, /drop or keep/],
  },
  {
    name: "an order column that is not there",
    before: ratedEvents,
    args: prepare("--ties", "keep", "--order", "place"),
    status: 3,
    says: [/no column "place"/],
  },
  {
    name: "a column by name without a header",
    before: ratedEvents,
    args: prepare("--no-header"),
    status: 3,
    says: [/no column "user"/, /its columns, 1, 2, 3, 4, 5, 6/],
  },
  {
    name: "a truncated .gz",
    before: (folder) => {
      writeEvents(join(folder, "plain.csv"));
      text(gzipSync(Buffer.alloc(5000, "user,item,time\n")).subarray(0, -3), "events.csv.gz")(folder);
    },
    args: ["prepare", "--input", "events.csv.gz", "--out", "data"],
    status: 3,
    says: [/damaged or truncated/],
  },
  {
    name: "titles in another encoding",
    before: (folder) => {
      ratedEvents(folder);
      text(Buffer.from("i1|Caf\xe9|1999\ni2|b|1999\n", "latin1"), "u.item")(folder);
    },
    args: prepare("--titles", "u.item:1:2"),
    status: 3,
    says: [/u\.item: text that is not utf-8/, /--titles-encoding: latin-1/],
  },
  {
    name: "titles without a header, columns by name",
    before: (folder) => {
      ratedEvents(folder);
      text("i1::a::x\ni2::b::x\n", "movies.dat")(folder);
    },
    args: prepare("--titles", "movies.dat:id:title"),
    status: 3,
    says: [/--titles, .*movies\.dat: no column "id"/, /--titles movies\.dat:1:2/],
  },
  {
    name: "a separator of titles without titles",
    before: ratedEvents,
    args: prepare("--titles-sep", "::"),
    status: 2,
    says: [/--titles-sep: no --titles/],
  },
  {
    name: "quotes that close in later rows",
    before: text(
      `user,item,time,note\n${Array.from({ length: 60 }, (_, i) => `u,i${i % 7},${1_600_000_000 + i},${i % 2 ? 'b"' : '"a'}\n`).join("")}`,
    ),
    args: prepare(),
    status: 3,
    says: [/events\.csv, row 0, line 2: a quote that opens here/, /--no-quotes/],
  },
  {
    name: "a pattern that matches nothing",
    args: ["prepare", "--input", "logs/*.csv", "--out", "data"],
    status: 3,
    says: [/logs\/\*\.csv: no file of that pattern/],
  },
];

/** Where kshot would replace what it did not write; `data` makes a data folder. */
export function replacingCases(
  data: (folder: string) => void,
  run: (folder: string) => string,
): readonly BadInputCase[] {
  const split = ["--split", ".6,.2,.2"];
  return [
    {
      name: "a data folder that holds the input",
      before: (folder) => {
        data(folder);
        writeEvents(join(folder, "data", "e.csv"));
      },
      args: ["prepare", "--input", "data/e.csv", ...split, "--out", "data"],
      status: 2,
      says: [/reads .*data\/e\.csv, which is in this folder/],
    },
    {
      name: "a data folder that a pattern of inputs reads",
      before: data,
      args: [
        ...["prepare", "--input", "data/pairs/*.parquet", "--user", "user_id", "--item", "session_id"],
        ...["--time", "label_ts_epoch", "--out", "data"],
      ],
      status: 2,
      says: [/reads .*data\/pairs\/pairs_\w+\.parquet, which is in this folder/],
    },
    {
      name: "a data folder that holds trained runs",
      before: (folder) => {
        data(folder);
        writeEvents(join(folder, "e.csv"));
        mkdirSync(join(folder, "data", "runs"));
        text("{}", "data/runs/meta.json")(folder);
      },
      args: ["prepare", "--input", "e.csv", ...split, "--out", "data"],
      status: 2,
      says: [/files in it that kshot did not write: runs\/meta\.json/],
    },
    {
      name: "a data folder of which a file was edited",
      before: (folder) => {
        data(folder);
        writeEvents(join(folder, "e.csv"));
        text('{"my":0}', "data/vocab/course2id.json")(folder);
      },
      args: ["prepare", "--input", "e.csv", ...split, "--out", "data"],
      status: 2,
      says: [/changed since kshot wrote them: vocab\/course2id\.json/],
    },
    {
      name: "a sweep over a picture of somebody",
      before: text('<svg xmlns="http://www.w3.org/2000/svg"><!-- data-kshot="sweep" --></svg>', "mine.svg"),
      args: ["bench", "--sweep", "--figure", "mine.svg"],
      status: 2,
      says: [/mine\.svg: a file of another kind than this command writes/],
    },
    {
      name: "a foreign file in a folder of events",
      before: (folder) => {
        mkdirSync(join(folder, "campus"));
        for (const name of ["events.csv", "items.csv", "notes.txt"]) text("mine", `campus/${name}`)(folder);
        text('{"format":"kshot.campus/1"}', "campus/campus.json")(folder);
      },
      args: ["synth", "--users", "10", "--out", "campus"],
      status: 2,
      says: [/kshot did not write: notes\.txt/],
    },
    {
      name: "results over a model",
      before: run,
      args: ["evaluate", "--model", "MODEL", "--data", "data", "--out", "MODEL"],
      status: 2,
      says: [/\.safetensors: .*This command reads this file/],
    },
    {
      name: "results over a vocabulary",
      before: run,
      args: ["evaluate", "--model", "MODEL", "--data", "data", "--out", "data/vocab/course2id.json"],
      status: 2,
      says: [/course2id\.json: a file of another kind than this command writes/],
    },
    {
      name: "a page over a file of another kind",
      before: (folder) => {
        run(folder);
        text("<p>mine", "page.html")(folder);
      },
      args: ["report", "kshot-runs", "--out", "page.html"],
      status: 2,
      says: [/page\.html: a file of another kind/],
    },
  ];
}
