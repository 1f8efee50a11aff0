import { usageError } from "@kshot/contract";
import { type ColumnType, parquetColumns, tablePieces } from "@kshot/episodes";
import { fileBegins, type ReplaceRule } from "@kshot/store";

/** Columns of a file of lists: names, types, in their order. */
export type ListColumns = readonly (readonly [name: string, type: ColumnType])[];

/** Rows of some people, by column. */
export type ListBatch = readonly (readonly (string | number | null)[])[];

/** Writer of a file of lists, by the ending of its name. */
export interface ListFormat {
  /** The whole file in pieces. */
  pieces(columns: ListColumns, batches: AsyncIterable<ListBatch>): AsyncIterable<string | Uint8Array>;
  /** Whether a file of this kind was written for these columns and can be replaced. */
  rule(columns: ListColumns, inputs: readonly string[]): ReplaceRule;
}

const formats: Readonly<Record<"csv" | "jsonl" | "parquet", ListFormat>> = {
  csv: {
    async *pieces(columns, batches) {
      yield `${columns.map(([name]) => name).join(",")}\n`;
      for await (const batch of batches) yield rowsOf(batch, (row) => `${row.map(csvField).join(",")}\n`);
    },
    rule: (columns, inputs) => ({
      wrote: (file) => fileBegins(file, new RegExp(`^${columns.map(([name]) => name).join(",")}\\r?\\n`)),
      inputs,
    }),
  },
  jsonl: {
    async *pieces(columns, batches) {
      for await (const batch of batches) {
        yield rowsOf(batch, (row) => {
          const entries = columns.flatMap(([name], i) => (row[i] === null ? [] : [[name, row[i]] as const]));
          return `${JSON.stringify(Object.fromEntries(entries))}\n`;
        });
      }
    },
    rule: (columns, inputs) => ({ wrote: (file) => fileBegins(file, firstObject(columns)), inputs }),
  },
  parquet: {
    pieces: tablePieces,
    rule: (columns, inputs) => ({
      wrote: async (file) =>
        String(await parquetColumns(file).catch(() => undefined)) === String(columns.map(([name]) => name)),
      inputs,
    }),
  },
};

/** Matches a first line with these keys in this order (keys without a value are left out), or an empty file. */
function firstObject([first, ...more]: ListColumns): RegExp {
  const entry = (name: string | undefined) => `"${name}":("([^"\\\\]|\\\\.)*"|[-+.\\deE]+)`;
  return new RegExp(`^(\\{${entry(first?.[0])}${more.map(([name]) => `(,${entry(name)})?`).join("")}\\}\\n|$)`);
}

/** The format of a file of lists. @throws `USAGE` for another ending than .csv, .jsonl and .parquet. */
export function listFormat(file: string, flag: string): ListFormat {
  const ending = (/\.(csv|jsonl|parquet)$/i.exec(file)?.[1] ?? "").toLowerCase() as keyof typeof formats | "";
  if (ending !== "") return formats[ending];
  throw usageError({ where: `${flag} ${file}`, found: "another ending", expected: ".csv, .jsonl or .parquet" });
}

function rowsOf(batch: ListBatch, text: (row: readonly (string | number | null)[]) => string): string {
  const rows = batch[0]?.length ?? 0;
  let whole = "";
  for (let row = 0; row < rows; row++) whole += text(batch.map((column) => column[row] ?? null));
  return whole;
}

/** RFC 4180: quoted if it contains a comma, a quote or a line end. */
function csvField(value: string | number | null): string {
  if (value === null) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
