import type { FileKind } from "./file-kind.js";
import { csv, events, jsonLines, objects, rows, table } from "./samples.js";

const perPerson = (user: string) =>
  table(
    rows.filter((row) => row[0] === user).map((row) => row.slice(1)),
    { header: "item,time" },
  );

/** Several files. */
export const severalFilesKinds: readonly FileKind[] = [
  {
    name: "a folder of files",
    files: { "all/a.csv": table(rows.slice(0, 9)), "all/b.jsonl": jsonLines(objects.slice(9)) },
    input: "all",
    events,
  },
  {
    name: "a pattern of files",
    files: { "2020-1.csv": table(rows.slice(0, 9)), "2020-2.csv": table(rows.slice(9)), "other.txt": "x" },
    input: "2020-*.csv",
    events,
  },
  {
    name: "a file per person",
    files: { "who/1.csv": perPerson("1"), "who/2.csv": perPerson("2"), "who/3.csv": perPerson("3") },
    input: "who",
    flags: "--user-from-filename",
    events,
  },
  {
    name: "columns in another order in each file",
    files: {
      "all/_SUCCESS": "",
      "all/a.csv": table(rows.slice(0, 9)),
      "all/b.csv": table(
        rows.slice(9).map(([user, item, time]) => [time, "x", user, item]),
        { header: "time,note,user,item" },
      ),
    },
    input: "all",
    events,
  },
  {
    name: "a file of a folder without a column",
    files: { "all/a.csv": csv, "all/b.csv": "user,item\n1,10\n" },
    input: "all",
    events: null,
    says: /b\.csv: no column "time".*--time/,
  },
  {
    name: "whole numbers in one file, floats in the other",
    files: {
      "a.csv": table(rows.slice(0, 9)),
      "b.csv": table(rows.slice(9).map(([user, item, time]) => [user, `${item}.0`, time])),
    },
    events: events.map((event, i) => (i < 9 ? event : { ...event, item: `${event.item}.0` })),
    notes: /"10" and "10\.0" are two items.*write numbers without \.0/,
  },
  {
    name: "files of one name in two folders, the person taken from it",
    files: { "a/log.csv": perPerson("1"), "b/log.csv": perPerson("2") },
    input: "*/log.csv",
    flags: "--user-from-filename",
    events: events.filter(({ user }) => user !== "3").map((event) => ({ ...event, user: "log" })),
    notes: /2 files are called "log"/,
  },
  {
    name: "a folder that contains only folders",
    files: { "all/2020/e.csv": csv },
    input: "all",
    events: null,
    says: /\*\*\/\*\.csv/,
  },
];
