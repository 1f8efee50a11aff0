import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError } from "@kshot/contract";
import { lastLineTooLong } from "./last-line.js";
import type { SourceFile } from "./source-file.js";
import { pathLiteral, textLiteral } from "./sql-text.js";
import { attemptsOn, type Rejected, type TableFile, type TextOptions, withoutNulls } from "./table-file.js";

/** Number of rows whose keys are listed where a column is not found. */
const rowsLookedAt = 1000;

/** Bytes of the longest object. */
const longestObject = 1 << 24;

/**
 * JSON lines, one list of objects, or objects one after the other. A missing key is a missing value. A dotted name is a key of
 * that name, or a path into nested objects.
 */
export async function openJson(
  database: DuckDBConnection,
  { file, gzip, head, text, bom, lastLineExceeds }: SourceFile,
  { nulls, skipBad }: TextOptions,
): Promise<TableFile> {
  const attempt = attemptsOn(file, "JSON", {
    expected: 'one object per line, as {"user": "u1", "item": "c7", "time": 1498000000}',
    todo: "A few bad lines are left out with --skip-bad N; text in another encoding must be saved as UTF-8",
  });
  const format = formOf(head);
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
  const byLines = format === "newline_delimited" && skipBad;
  // DuckDB's reader of lines reports a byte order mark as a damaged line; its reader of text skips one.
  const marked = format === "newline_delimited" && bom && !skipBad;
  const rows = marked
    ? `(SELECT line::JSON AS json FROM ${lines} WHERE line IS NOT NULL)`
    : byLines
      ? `(SELECT line::JSON AS json FROM ${lines} WHERE line IS NOT NULL AND json_valid(line))`
      : `read_json_objects(${pathLiteral(file)}, format = '${format}', ${packed}, maximum_object_size = ${longestObject})`;
  if ((byLines || marked) && (await lastLineExceeds(longestObject))) throw lastLineTooLong(file, longestObject);
  const pointer = "concat('/', replace(replace(key, '~', '~0'), '/', '~1'))";
  const seen = await attempt(() =>
    database.runAndReadAll(
      `SELECT key, bool_or(json_type(json, ${pointer}) IN ('OBJECT', 'ARRAY'))
       FROM (SELECT json, unnest(json_keys(json)) AS key FROM (SELECT json FROM ${rows} LIMIT ${rowsLookedAt}) WHERE json_type(json) = 'OBJECT')
       GROUP BY key ORDER BY key`,
    ),
  );
  const keys = new Map(seen.getRows().map(([key, nested]) => [String(key), nested === true]));
  const columns = [...keys.keys()];
  return {
    file,
    columns,
    lateColumns: true,
    rows,
    attempt,
    column(name) {
      if (keys.get(name) === true) {
        throw dataError({
          where: `${file}, column ${name}`,
          found: "an object or a list",
          expected: "text or a number",
          todo: `Name a key inside it, as ${name}.id`,
        });
      }
      const value = (pointer: string) => `json_extract_string(json, ${textLiteral(pointer)})`;
      const exact = value(`/${escaped(name)}`);
      const nested = value(`/${name.split(".").map(escaped).join("/")}`);
      return { text: withoutNulls(name.includes(".") ? `COALESCE(${exact}, ${nested})` : exact, nulls) };
    },
    async rejected(): Promise<readonly Rejected[]> {
      if (!byLines) return [];
      const found = await attempt(() =>
        database.runAndReadAll(
          `SELECT row FROM (SELECT line, row_number() OVER () - 1 AS row FROM ${lines} WHERE line IS NOT NULL) WHERE NOT json_valid(line) ORDER BY row`,
        ),
      );
      return found.getRows().map(([row]) => ({ row: Number(row), reason: "no JSON" }));
    },
  };
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
