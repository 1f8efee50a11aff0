import type { DuckDBConnection } from "@duckdb/node-api";
import { dataError, KshotError } from "@kshot/contract";
import { normalName } from "../../core/normal-name.js";
import type { PrepareOptions } from "./options.js";
import { openTable } from "./readers/open-table.js";
import { openSource, type SourceFile } from "./readers/source-file.js";
import { isUtf8 } from "./readers/text-encoding.js";
import { readTitleLines } from "./title-lines.js";

type TitlesOptions = NonNullable<PrepareOptions["titles"]>;

/**
 * Titles by item number from a file in any format of event files. An item without one keeps its name; of two titles the last
 * one counts.
 *
 * @param events the encoding of the events: the titles' too, where they are not UTF-8 and their options name none
 * @returns titles, and how many items have one in the file
 */
export async function readTitles(
  database: DuckDBConnection,
  options: TitlesOptions,
  items: readonly string[],
  { encoding }: Pick<PrepareOptions, "encoding">,
): Promise<{ titles: string[]; found: number }> {
  const titles = new Map<string, string>();
  for (const [key, title] of await rowsOf(database, options, encoding)) {
    if (key?.trim() && title?.trim()) titles.set(normalName(key), title.trim());
  }
  return {
    titles: items.map((item) => titles.get(item) ?? item),
    found: items.filter((item) => titles.has(item)).length,
  };
}

/** The item and the title of each row. */
async function rowsOf(
  database: DuckDBConnection,
  options: TitlesOptions,
  encoding: string | undefined,
): Promise<Iterable<readonly [item: string | null, title: string | null]>> {
  const { file } = options;
  const { source, text } = await inItsEncoding(options, encoding);
  if (text !== undefined) return readTitleLines(source, text, options);
  const columnFlags = "--titles FILE:id:name";
  const table = await openTable(database, file, { header: true, nulls: [], skipBad: false, columnFlags });
  const columns = [options.id, options.name].map((column) => table.column(column).text);
  for (const column of [options.id, options.name]) {
    const error = await table.absent?.(column);
    if (error !== undefined) throw error;
  }
  const found = await table.attempt(() => database.runAndReadAll(`SELECT ${columns.join(", ")} FROM ${table.rows}`));
  return found
    .getRows()
    .map(([key, title]) => [key === null ? null : String(key), title === null ? null : String(title)] as const);
}

/**
 * The file of titles and all of its text, in the encoding that its options name; without one in UTF-8 or, if it is not that, in the
 * encoding of the events. `text` is undefined for JSON and Parquet.
 */
async function inItsEncoding(
  { file, encoding }: TitlesOptions,
  ofEvents: string | undefined,
): Promise<{ source: SourceFile; text?: string }> {
  const read = async (name: string | undefined) => {
    const source = await openSource(file, name);
    if (source.kind === "json" && !isUtf8(name)) {
      throw dataError({
        where: file,
        found: "JSON in another encoding",
        expected: "JSON in UTF-8, as its standard says",
        todo: "Save it as UTF-8 and remove --titles-encoding",
      });
    }
    if (source.kind !== "text") return { source };
    let text = "";
    for await (const piece of (source.text ?? source.utf8)?.() ?? []) text += piece;
    return { source, text };
  };
  const own = encoding ?? "utf-8";
  try {
    return await read(own);
  } catch (error) {
    if (!KshotError.isInstance(error) || !/--encoding/.test(error.parts.todo ?? "")) throw error;
    if (encoding === undefined && !isUtf8(ofEvents)) return read(ofEvents);
    throw dataError({
      ...error.parts,
      expected: "a file of titles in UTF-8, or in the encoding that --titles-encoding names",
      todo: /UTF-16/.test(error.parts.found)
        ? "Add --titles-encoding utf-16, or save it as UTF-8"
        : "Name its encoding with --titles-encoding: latin-1 (as of MovieLens), windows-1252 or another",
      cause: error,
    });
  }
}
