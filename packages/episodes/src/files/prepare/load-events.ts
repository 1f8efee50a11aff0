import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError, type KshotError, whole } from "@kshot/contract";
import { filterColumns } from "./filter/filter-columns.js";
import { notComputable } from "./filter/filter-errors.js";
import { parseRowFilter } from "./filter/parse-row-filter.js";
import { personOfFile } from "./list-inputs.js";
import type { ReadOptions } from "./options.js";
import { openTable } from "./readers/open-table.js";
import { textLiteral, textOrNull } from "./readers/sql-text.js";
import type { SwallowedRows } from "./readers/swallowed-rows.js";
import type { Rejected, TableFile } from "./readers/table-file.js";
import { timeColumns } from "./time-column.js";

/** A file and the position of its rows in table `events`. */
export interface LoadedFile {
  readonly file: string;
  readonly table: TableFile;
  /** The rowid of its first row. */
  readonly first: number;
  /** Rows in `events`. */
  readonly rows: number;
  /** Rows that could not be read, in order; they are not in `events`. */
  readonly rejected: readonly Rejected[];
  /** Lines between quotes that look like rows. */
  readonly swallowed?: SwallowedRows | undefined;
}

/** Limits of lines between quotes that look like rows. More lines than both limits are an error, because the quotes of the file are then wrong. */
const mostSwallowed = { lines: 20, share: 0.01 };

/** Columns of table `events` that only some options need. */
export interface OptionalColumns {
  readonly session: boolean;
  readonly order: boolean;
  readonly split: boolean;
  readonly kept: boolean;
}

/**
 * Reads all files into table `events`, one row per row: "user", item, seconds (a number without a unit where `number` is true) and,
 * where requested, session, ord, split, kept. Its rowid is the position in all files together, because insertion keeps a file's order.
 *
 * @throws `DATA` for a file or a column that cannot be read, `USAGE` for an invalid filter.
 */
export async function loadEvents(
  database: DuckDBConnection,
  files: readonly string[],
  options: ReadOptions,
): Promise<LoadedFile[]> {
  const { columns, header = true, nulls = [], skipBad = 0, quotes = true, separator, encoding, where } = options;
  const wants: OptionalColumns = {
    session: columns.session !== undefined,
    order: columns.order !== undefined,
    split: columns.split !== undefined,
    kept: where !== undefined,
  };
  const names = ['"user" VARCHAR', "item VARCHAR", "seconds DOUBLE", "number BOOLEAN"];
  if (wants.session) names.push("session VARCHAR");
  if (wants.order) names.push("ord VARCHAR");
  if (wants.split) names.push("split VARCHAR");
  if (wants.kept) names.push("kept BOOLEAN");
  await database.run(`CREATE TABLE events (${names.join(", ")})`);

  const filter = where === undefined ? null : await parseRowFilter(database, where);
  const text = {
    header,
    quotes,
    nulls,
    skipBad: skipBad > 0,
    encoding,
    ...(separator === undefined ? {} : { separator }),
  };
  // A filter uses the same column types in all files, so all are opened before the first is read.
  const ahead: TableFile[] = [];
  if (filter) for (const file of files) ahead.push(await openTable(database, file, text));
  const filtered = filter && where !== undefined ? await filterColumns(database, where, filter, ahead) : [];

  const loaded: LoadedFile[] = [];
  let first = 0;
  for (const [i, file] of files.entries()) {
    const table = ahead[i] ?? (await openTable(database, file, text));
    const chosen = [
      `${options.userFromFilename ? textLiteral(personOfFile(file)) : table.column(columns.user).text} AS "user"`,
      `${table.column(columns.item).text} AS item`,
      `${table.column(columns.time).text} AS "time"`,
    ];
    const more: string[] = [];
    for (const [name, column] of [
      ["session", columns.session],
      ["ord", columns.order],
      ["split", columns.split],
    ] as const) {
      if (column === undefined) continue;
      chosen.push(`${table.column(column).text} AS ${name}`);
      more.push(textOrNull(name));
    }
    if (filter) {
      chosen.push(filtered[i] ?? "");
      more.push(`COALESCE(${filter.sql}, false) AS kept`);
    }
    const { number, seconds } = timeColumns(`"time"`, { unit: options.timeUnit, format: options.timeFormat });
    // With a given unit, the numbers are not ambiguous.
    const open = options.timeUnit === undefined && options.timeFormat === undefined ? "n IS NOT NULL" : "false";
    const insert = () =>
      database.run(
        `INSERT INTO events SELECT ${textOrNull('"user"')}, ${textOrNull("item")}, COALESCE(n, ${seconds}), ${open}${more.map((name) => `, ${name}`).join("")}
         FROM (SELECT *, ${number} AS n FROM (SELECT ${chosen.join(", ")} FROM ${table.rows}))`,
      );
    const inserted = await table.attempt(insert).catch((error: unknown) => {
      throw (where === undefined ? undefined : notComputable(where, (error as Error).cause)) ?? error;
    });
    const rows = Number(inserted.rowsChanged);
    const rejected = await table.rejected();
    if (rows > 0) await requireColumns(database, table, options, first);
    const swallowed = await table.swallowed?.(rows + rejected.length);
    if (swallowed && swallowed.lines > Math.max(mostSwallowed.lines, mostSwallowed.share * rows))
      throw manySwallowed(file, swallowed);
    loaded.push({ file, table, first, rows, rejected, swallowed });
    first += rows;
  }
  return loaded;
}

function manySwallowed(file: string, { row, line, lines }: SwallowedRows): KshotError {
  return dataError({
    where: `${file}, row ${row}, line ${line}`,
    found: `a quote that opens here and closes in a later row; ${whole(lines)} lines that look like rows lie between such quotes`,
    expected: "quotes that close in their own row",
    todo: 'If quotes are part of the text, add --no-quotes; otherwise write each quote inside a quoted field twice ("")',
  });
}

/** A JSON key that no row has is a typing error. */
async function requireColumns(
  database: DuckDBConnection,
  table: TableFile,
  { columns, userFromFilename }: ReadOptions,
  first: number,
): Promise<void> {
  if (table.absent === undefined) return;
  const asked = [
    ...(userFromFilename ? [] : [{ name: columns.user, sql: '"user"' }]),
    { name: columns.item, sql: "item" },
    { name: columns.time, sql: "seconds" },
    { name: columns.session, sql: "session" },
    { name: columns.order, sql: "ord" },
    { name: columns.split, sql: "split" },
  ].filter((column): column is { name: string; sql: string } => column.name !== undefined);
  const found = await database.runAndReadAll(
    `SELECT ${asked.map(({ sql }) => `count(${sql})`).join(", ")} FROM events WHERE rowid >= ${first}`,
  );
  const counts = found.getRows()[0] ?? [];
  for (const [i, { name }] of asked.entries()) {
    if (Number(counts[i]) > 0) continue;
    const error = await table.absent(name);
    if (error !== undefined) throw error;
  }
}

/** The place of a row of `events`: its file, and its zero-based row in the file, including rows that could not be read. */
export function placeOfRow(loaded: readonly LoadedFile[], row: number): { file: LoadedFile; row: number } {
  const file = loaded.findLast(({ first, rows }) => rows > 0 && row >= first) ?? loaded[0];
  if (file === undefined) throw new RangeError(`no file holds row ${row}`);
  let own = row - file.first;
  for (const rejected of file.rejected) if (rejected.row <= own) own++;
  return { file, row: own };
}
