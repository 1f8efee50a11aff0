import { gzipSync } from "node:zlib";
import type { FileKind } from "./file-kind.js";
import { events, iso, jsonLines, objects, rows, start } from "./samples.js";

/** JSON. */
export const jsonKinds: readonly FileKind[] = [
  { name: "JSON lines", files: { "e.jsonl": jsonLines(objects) }, events },
  { name: "JSON lines under another ending", files: { "e.log": jsonLines(objects) }, events },
  { name: "gzip of JSON lines", files: { "e.ndjson.gz": gzipSync(jsonLines(objects)) }, events },
  { name: "a JSON list", files: { "e.json": JSON.stringify(objects, null, 1) }, events },
  {
    name: "JSON objects over several lines",
    files: { "e.json": objects.map((o) => JSON.stringify(o, null, 2)).join("\n") },
    events,
  },
  {
    name: "JSON keys that appear late",
    files: {
      "e.jsonl": jsonLines([
        ...Array(3000).fill({ user: "9", item: "1", time: start, kind: "view" }),
        ...objects.map(({ item, ...rest }) => ({ ...rest, item, extra: { deep: [1] } })),
      ]),
    },
    events: [...Array(3000).fill({ user: "9", item: "1", time: start }), ...events],
  },
  {
    name: "xAPI statements",
    files: {
      "e.jsonl": jsonLines(
        events.map(({ user, item, time }) => ({
          actor: { account: { name: user } },
          object: { id: item, definition: {} },
          timestamp: iso(time),
        })),
      ),
    },
    flags: "--user actor.account.name --item object.id --time timestamp",
    events,
  },
  {
    name: "an object where a name should be",
    files: { "e.jsonl": jsonLines(objects.map((o) => ({ ...o, user: { id: o.user } }))) },
    events: null,
    says: /user\.id/,
  },
  {
    name: "an object at the end of a path",
    files: { "e.jsonl": jsonLines(objects.map((o) => ({ ...o, actor: { account: { name: o.user } } }))) },
    flags: "--user actor.account",
    events: null,
    says: /as actor\.account\.name/,
  },
  {
    name: "JSON, several lists",
    files: { "e.json": `${JSON.stringify(objects)}\n${JSON.stringify(objects)}\n` },
    events: null,
    says: /line 2: .*a second list.*one object per line/,
  },
  {
    name: "JSON keys with dots in them",
    files: { "e.jsonl": jsonLines(events.map(({ user, item, time }) => ({ "user.id": user, item, time }))) },
    flags: "--user user.id",
    events,
  },
  {
    name: "JSON lines of which one is broken",
    files: { "e.jsonl": `${jsonLines(objects)}{"user": "1", "it` },
    flags: "--skip-bad 1",
    events,
  },
  {
    name: "JSON lines with lines of blanks, of which one is broken",
    files: { "e.jsonl": `\n${jsonLines(objects).replaceAll("\n", "\n  \n")}{"user": "1", "it` },
    flags: "--skip-bad 1",
    events,
  },
  {
    name: "JSON, numbers beyond 64 bits as ids",
    files: {
      "e.jsonl": events.map((e) => `{"user":${e.user},"item":184467440737095516${e.item},"time":${e.time}}\n`).join(""),
    },
    events: events.map((event) => ({ ...event, item: `184467440737095516${event.item}` })),
  },
  { name: "JSON lines with a byte order mark", files: { "e.jsonl": `\uFEFF${jsonLines(objects)}` }, events },
  {
    name: "JSON, one object around the list",
    files: { "e.json": JSON.stringify({ events: objects }) },
    events: null,
    says: /no column "user".*columns, events\. Name keys with --user/,
  },
  {
    name: "JSON, lists in a list",
    files: { "e.json": JSON.stringify(rows) },
    events: null,
    says: /write lists as objects/,
  },
  {
    name: "Python's own form of objects",
    files: {
      "e.json": events
        .map(({ user, item, time }) => `{u'user': u'${user}', 'item': '${item}', 'time': ${time}}`)
        .join("\n"),
    },
    events: null,
    says: /json\.dumps\(ast\.literal_eval\(line\)\)/,
  },
];
