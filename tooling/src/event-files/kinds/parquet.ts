import type { FileKind } from "./file-kind.js";
import { events } from "./samples.js";

/** Parquet. */
export const parquetKinds: readonly FileKind[] = [
  {
    name: "Parquet, numbers",
    files: { "e.parquet": { parquet: `SELECT "user"::INTEGER AS "user", item::BIGINT AS item, time FROM events` } },
    events,
  },
  {
    name: "Parquet, timestamps",
    files: {
      "e.parquet": { parquet: `SELECT "user", item, make_timestamp((time * 1e6)::BIGINT) AS time FROM events` },
    },
    events,
  },
  {
    name: "Parquet, timestamps with a zone",
    files: { "e.parquet": { parquet: `SELECT "user", item, to_timestamp(time) AS time FROM events` } },
    events,
  },
  {
    name: "Parquet, nested columns",
    files: { "e.parquet": { parquet: `SELECT {id: "user"} AS actor, item, time FROM events` } },
    flags: "--user actor.id",
    events,
  },
  { name: "Parquet under another ending", files: { "part-0": { parquet: "SELECT * FROM events" } }, events },
  { name: "truncated Parquet", files: { "e.parquet": "PAR1 and no more" }, events: null, says: /Parquet/ },
  {
    name: "Parquet, text that does not say so",
    files: {
      "e.parquet": { parquet: `SELECT "user"::VARCHAR::BLOB AS "user", item::VARCHAR::BLOB AS item, time FROM events` },
    },
    events,
  },
  {
    name: "Parquet, a list of items in a row",
    files: { "e.parquet": { parquet: `SELECT "user", [item] AS item, time FROM events` } },
    events: null,
    says: /type .*\[\].*one row per event/,
  },
  {
    name: "Parquet, a field in a nested field",
    files: { "e.parquet": { parquet: `SELECT {'a': {'id': "user"}} AS who, item, time FROM events` } },
    flags: "--user who.a.id",
    events,
  },
  {
    name: "Parquet, a nested field where a name should be",
    files: { "e.parquet": { parquet: `SELECT {'a': {'id': "user"}} AS who, item, time FROM events` } },
    flags: "--user who.a",
    events: null,
    says: /Name a field inside it, as who\.a\.id/,
  },
];
