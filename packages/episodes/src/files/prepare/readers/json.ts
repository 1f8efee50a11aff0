import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError } from "@kshot/contract";
import { normalName } from "../../../core/normal-name.js";
import { badLine, badObject } from "./bad-json.js";
import { keyPaths, leafIn } from "./json-keys.js";
import { lastLineTooLong } from "./last-line.js";
import { movedLineOf } from "./row-lines.js";
import type { SourceFile } from "./source-file.js";
import { pathLiteral, reasonOf, textLiteral } from "./sql-text.js";
import {
  attemptsOn,
  insideList,
  noColumn,
  pathsAbove,
  type Rejected,
  type TableFile,
  type TextOptions,
  withoutNulls,
} from "./table-file.js";

/** Number of rows whose keys are listed. */
const rowsLookedAt = 1000;

/** Rows, and bytes of each, whose paths to nested keys are listed if a column is not found. */
const nestedRows = { count: 50, bytes: 100_000 };

/** Bytes of the longest object. */
const longestObject = 1 << 24;

/**
 * JSON lines, one list of objects, or objects one after the other. A missing key is a missing value. A dotted name is a key of
 * that name, or a path into nested objects.
 */
export async function openJson(
  database: DuckDBConnection,
  { file, gzip, head, text, bom, bytes, lastLineExceeds }: SourceFile,
  { nulls, skipBad, columnFlags }: TextOptions,
): Promise<TableFile> {
  const format = formOf(head);
  const asLines = format === "newline_delimited";
  const advice = {
    expected: `${asLines ? "one object per line" : "one list of objects, or one object after the other"}, as {"user": "u1", "item": "c7", "time": 1498000000}`,
    todo: `${asLines ? "A few bad lines are left out with --skip-bad N" : "Correct it, or write one object per line"}; text in another encoding must be saved as UTF-8`,
  };
  const wholly = attemptsOn(file, "JSON", advice);
  /** Work that reads the file; DuckDB's error becomes one that names the place, which DuckDB counts in its own way. */
  const reading: TableFile["attempt"] = (work) =>
    wholly(async () => {
      try {
        return await work();
      } catch (cause) {
        if (!/malformed json/i.test(reasonOf(cause))) throw cause;
        const bad = await (asLines ? badLine(bytes()) : badObject(bytes()));
        if (bad === undefined) throw cause;
        throw dataError({
          where: `${file}, line ${bad.line}`,
          found: `it cannot be read as JSON: ${bad.found}`,
          ...advice,
          cause,
        });
      }
    });
  if (text) {
    throw dataError({
      where: file,
      found: "JSON in another encoding",
      expected: "JSON in UTF-8, as its standard says",
      todo: "Save it as UTF-8 and remove --encoding",
    });
  }
  if (/^\s*\[?\s*\{\s*u?'/.test(head)) {
    throw dataError({
      where: file,
      found: "Python's own form of objects, with ' around names",
      expected: 'JSON, with " around names',
      todo: "Convert each line in Python with json.dumps(ast.literal_eval(line))",
    });
  }
  const packed = `compression = '${gzip ? "gzip" : "uncompressed"}'`;
  const lines = `read_csv(${pathLiteral(file)}, auto_detect = false, header = false, delim = '\x1f', quote = '', escape = '', strict_mode = false, ${packed}, max_line_size = ${longestObject}, columns = {'line': 'VARCHAR'})`;
  // A line of blanks is not a row.
  const filled = `trim(line, ' \t\r') <> ''`;
  const byLines = asLines && skipBad;
  // DuckDB's reader of lines reports a byte order mark as a damaged line; its reader of text skips one.
  const marked = asLines && bom && !skipBad;
  const objects = marked
    ? `(SELECT line::JSON AS json FROM ${lines} WHERE ${filled})`
    : byLines
      ? `(SELECT line::JSON AS json FROM ${lines} WHERE ${filled} AND json_valid(line))`
      : `read_json_objects(${pathLiteral(file)}, format = '${format}', ${packed}, maximum_object_size = ${longestObject})`;
  if ((byLines || marked) && (await lastLineExceeds(longestObject))) throw lastLineTooLong(file, longestObject);
  const seen = await reading(() =>
    database.runAndReadAll(
      `SELECT DISTINCT key FROM (SELECT unnest(json_keys(json)) AS key FROM (SELECT json FROM ${objects} LIMIT ${rowsLookedAt}) WHERE json_type(json) = 'OBJECT') ORDER BY key`,
    ),
  );
  const columns = seen.getRows().map(([key]) => String(key));
  /** The error for the first object or list in a column. */
  const nested = async (name: string) => {
    const values = pointersOf(name).map((pointer) => `json_extract(json, ${textLiteral(pointer)})`);
    const found = await database.runAndReadAll(
      `SELECT row, value::VARCHAR FROM (SELECT row_number() OVER () - 1 AS row, unnest([${values.join(", ")}]) AS value FROM ${objects})
       WHERE json_type(value) IN ('OBJECT', 'ARRAY') ORDER BY row LIMIT 1`,
    );
    const [row, value = "null"] = found.getRows()[0] ?? [];
    const leaf = leafIn(JSON.parse(String(value)));
    return dataError({
      where: `${file}, column ${name}, row ${row}`,
      found: leaf === undefined ? "a list" : "an object",
      expected: "text or a number",
      todo:
        leaf === undefined
          ? "Write one row per event, with one value in each column"
          : `Name a key inside it, as ${name}.${leaf}`,
    });
  };
  /** Requested columns; the error about a nested value has the position of its column. */
  const asked: string[] = [];
  /** Places whose text is a column of `rows`: an expression that repeats such a column does not read the JSON again. */
  const places: string[] = [];
  return {
    file,
    columns,
    get rows() {
      // One call for all places reads a row's JSON once.
      const taken = `json_extract_string(json, [${places.map(textLiteral).join(", ")}]::VARCHAR[]) AS taken`;
      const texts = places.map((_, i) => `taken[${i + 1}] AS text${i}`);
      return `(SELECT ${["json", ...texts].join(", ")} FROM (SELECT json, ${taken} FROM ${objects}))`;
    },
    attempt: (work) =>
      reading(async () => {
        try {
          return await work();
        } catch (cause) {
          const at = new RegExp(`${nestedValue} (\\d+)`).exec(cause instanceof Error ? cause.message : "")?.[1];
          if (at === undefined) throw cause;
          throw await nested(asked[Number(at)] ?? "");
        }
      }),
    column(name) {
      const at = asked.includes(name) ? asked.indexOf(name) : asked.push(name) - 1;
      /** Text and numbers at a place; empty text, an object or a list counts as missing. */
      const value = (pointer: string) => {
        const place = places.includes(pointer) ? places.indexOf(pointer) : places.push(pointer) - 1;
        const found = `text${place}`;
        const none = skipBad ? "NULL" : `error(concat('${nestedValue} ${at}', left(${found}, 0)))`;
        const isNested = `(${found} LIKE '{%' OR ${found} LIKE '[%') AND json_type(json, ${textLiteral(pointer)}) IN ('OBJECT', 'ARRAY')`;
        return `CASE WHEN ${found} = '' THEN NULL WHEN ${isNested} THEN ${none} ELSE ${found} END`;
      };
      const key = columns.find((own) => normalName(own) === normalName(name)) ?? name;
      const values = pointersOf(key).map(value);
      const text = values.length > 1 ? `COALESCE(${values.join(", ")})` : (values[0] ?? "");
      // Without nullif, which computes its argument twice.
      return { text: withoutNulls(text, nulls, text) };
    },
    async absent(name) {
      if (columns.some((own) => normalName(own) === normalName(name))) return undefined;
      const there = pointersOf(name).map((pointer) => `json_exists(json, ${textLiteral(pointer)})`);
      const found = await reading(() =>
        database.runAndReadAll(`SELECT 1 FROM ${objects} WHERE ${there.join(" OR ")} LIMIT 1`),
      );
      if (found.getRows().length > 0) return undefined;
      for (const inside of pathsAbove(name)) {
        const kinds = pointersOf(inside).map((pointer) => `json_type(json, ${textLiteral(pointer)}) = 'ARRAY'`);
        const list = await reading(() =>
          database.runAndReadAll(`SELECT 1 FROM ${objects} WHERE ${kinds.join(" OR ")} LIMIT 1`),
        );
        if (list.getRows().length > 0) return insideList(file, name, inside);
      }
      const examples = await reading(() =>
        database.runAndReadAll(
          `SELECT json::VARCHAR FROM ${objects} WHERE length(json::VARCHAR) <= ${nestedRows.bytes} LIMIT ${nestedRows.count}`,
        ),
      );
      const paths = examples.getRows().flatMap(([json]) => keyPaths(JSON.parse(String(json))));
      return noColumn(file, [...new Set([...paths, ...columns])], name, {
        json: true,
        ...(columnFlags ? { flags: columnFlags } : {}),
      });
    },
    ...(asLines ? { movedLine: (row: number) => movedLineOf(bytes(), undefined, row) } : {}),
    async rejected(): Promise<readonly Rejected[]> {
      if (!byLines) return [];
      const found = await reading(() =>
        database.runAndReadAll(
          `SELECT row FROM (SELECT line, row_number() OVER () - 1 AS row FROM ${lines} WHERE ${filled}) WHERE NOT json_valid(line) ORDER BY row`,
        ),
      );
      return found.getRows().map(([row]) => ({ row: Number(row), reason: "no JSON" }));
    },
  };
}

/** Words in DuckDB's error about an object or a list instead of a column's value. */
const nestedValue = "nested value of column";

/** The places of a column in a row: the key of that name, then the path. */
function pointersOf(name: string): string[] {
  const exact = `/${escaped(name)}`;
  return name.includes(".") ? [exact, `/${name.split(".").map(escaped).join("/")}`] : [exact];
}

/** A key in a JSON pointer. */
function escaped(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The arrangement of the objects in the file. */
function formOf(head: string): "array" | "newline_delimited" | "unstructured" {
  const text = head.trimStart();
  if (text.startsWith("[")) return "array";
  const [line = ""] = text.split(/\r?\n/, 1);
  try {
    JSON.parse(line);
    return "newline_delimited";
  } catch {
    // An incomplete line at the start of the file: either an object over several lines, or a damaged one.
    return /^\{\s*$/.test(line) || !/\}\s*$/.test(line) ? "unstructured" : "newline_delimited";
  }
}
