import type { PlainEvent } from "../count-pairs.js";
import type { FileKind } from "./file-kind.js";
import { careful, carefulRows, csv, events, rows, table } from "./samples.js";

/** With letters that Latin-1 has. */
const western: readonly PlainEvent[] = events.map((event) => ({ ...event, item: `café ${event.item}` }));
const westernCsv = table(western.map(({ user, item, time }) => [user, item, time]));
const eastern: readonly PlainEvent[] = events.map((event) => ({ ...event, item: `курс ${event.item}` }));
const easternBytes = Uint8Array.from(table(eastern.map(({ user, item, time }) => [user, item, time])), (letter) => {
  const code = letter.codePointAt(0) ?? 0;
  // windows-1251 has the Russian letters in order from 0xC0.
  return code >= 0x410 && code <= 0x44f ? code - 0x410 + 0xc0 : code;
});
const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le");

/** Text in several encodings and forms. */
export const encodingsKinds: readonly FileKind[] = [
  {
    name: "Latin-1",
    files: { "e.csv": Buffer.from(westernCsv, "latin1") },
    flags: "--encoding latin-1",
    events: western,
  },
  {
    name: "Latin-1, without its flag",
    files: { "e.csv": Buffer.from(westernCsv, "latin1") },
    events: null,
    says: /--encoding/,
  },
  { name: "UTF-16", files: { "e.csv": utf16(table(carefulRows)) }, flags: "--encoding utf-16", events: careful },
  { name: "UTF-16, big end first", files: { "e.csv": utf16(csv).swap16() }, flags: "--encoding utf-16", events },
  { name: "UTF-16, without its flag", files: { "e.csv": utf16(csv) }, events: null, says: /--encoding utf-16/ },
  { name: "windows-1251", files: { "e.csv": easternBytes }, flags: "--encoding windows-1251", events: eastern },
  {
    name: "names in two Unicode forms",
    files: { "e.csv": table(events.map(({ user, item, time }, i) => [user, (i % 2 ? "é" : "e\u0301") + item, time])) },
    events: events.map((event) => ({ ...event, item: `é${event.item}` })),
    notes: /Unicode NFC/,
  },
  {
    name: "no-break spaces around some names",
    files: { "e.csv": table(rows.map(([user, item, time], i) => [i % 2 ? `${user}\u00a0` : user, item, time])) },
    events,
    notes: /blanks around/,
  },
  {
    name: "bytes that are not UTF-8, late in a file with two kinds of line end",
    files: {
      "e.csv": Buffer.concat([
        Buffer.from(`${csv.replace("\n", "\r\n")}${table(rows, { header: null }).repeat(3000)}`),
        Buffer.of(0xe9, 0x0a),
      ]),
    },
    events: null,
    says: /not utf-8.*--encoding/,
  },
];
