import { dataError } from "@kshot/contract";
import { type Data, DataType, type Table, Type, type Vector } from "apache-arrow";

/** Range of an integer column, and its description for the message. */
export interface IntegerRange {
  readonly low: number;
  readonly high: number;
  readonly expected: string;
}

export const int32: IntegerRange = { low: 0, high: 2147483647, expected: "a whole number from 0 to 2147483647" };
/** Epoch seconds of the years 0 to 9999; dates outside are mistakes. */
export const epochSeconds: IntegerRange = {
  low: -62167219200,
  high: 253402300799,
  expected: "epoch seconds",
};

/** The same in microseconds. */
export const epochMicroseconds: IntegerRange = {
  low: epochSeconds.low * 1e6,
  high: epochSeconds.high * 1e6,
  expected: "epoch microseconds",
};

/** The place in a file for an error: `pairs_train.parquet, column label, row 17`. Rows count from 0. */
export function place(file: string, column: string, row?: number): string {
  return row === undefined ? `${file}, column ${column}` : `${file}, column ${column}, row ${row}`;
}

/** The named column. @throws `DATA`, which lists the existing columns. */
export function requireColumn(table: Table, file: string, name: string): Vector {
  const column = table.getChild(name);
  if (column) return column;
  throw dataError({
    where: file,
    found: `no column ${name}`,
    expected: `${name} among its columns, which are ${table.schema.fields.map((field) => field.name).join(", ")}`,
  });
}

/** An integer column as doubles (exact below 2⁵³), range-checked. Accepts every integer width; refuses floats, text and nulls. */
export function integerColumn(table: Table, file: string, name: string, range: IntegerRange): Float64Array {
  const column = requireColumn(table, file, name);
  requireInteger(column.type, file, name);
  const values = new Float64Array(column.length);
  let row = 0;
  for (const data of column.data) {
    copyIntegers(data, values, row, range, (at, found) => {
      throw dataError({ where: place(file, name, row + at), found, expected: range.expected });
    });
    row += data.length;
  }
  return values;
}

/** A text column: the distinct values in order of first appearance, and an index into them per row. */
export function textColumn(table: Table, file: string, name: string): { names: string[]; index: Int32Array } {
  const column = requireColumn(table, file, name);
  const type = DataType.isDictionary(column.type) ? column.type.dictionary : column.type;
  if (!DataType.isUtf8(type) && !DataType.isLargeUtf8(type)) {
    throw dataError({ where: `${file}`, found: `column ${name} is ${typeName(column.type)}`, expected: "string" });
  }
  const names: string[] = [];
  const known = new Map<string, number>();
  const index = new Int32Array(column.length);
  for (let row = 0; row < column.length; row++) {
    const value: string | null = column.get(row);
    if (value === null) throw dataError({ where: place(file, name, row), found: "null", expected: "text" });
    let id = known.get(value);
    if (id === undefined) {
      id = names.length;
      known.set(value, id);
      names.push(value);
    }
    index[row] = id;
  }
  return { names, index };
}

/** A list-of-integers column: offsets `[rows + 1]` and all values, range-checked. Lists may not be null or hold nulls. */
export function listColumn(
  table: Table,
  file: string,
  name: string,
  range: IntegerRange,
): { offsets: Int32Array; values: Int32Array } {
  const column = requireColumn(table, file, name);
  const element = column.type.children?.[0]?.type;
  if (
    (column.type.typeId !== Type.List && column.type.typeId !== Type.LargeList) ||
    !element ||
    !DataType.isInt(element)
  ) {
    throw dataError({ where: file, found: `column ${name} is ${typeName(column.type)}`, expected: "list<int64>" });
  }
  const total = column.data.reduce((sum, data) => {
    const ends = data.valueOffsets as Int32Array | BigInt64Array;
    return sum + Number(ends[data.length] ?? 0) - Number(ends[0] ?? 0);
  }, 0);
  const offsets = new Int32Array(column.length + 1);
  const numbers = new Float64Array(total);
  let row = 0;
  let filled = 0;
  for (const data of column.data) {
    const ends = data.valueOffsets as Int32Array | BigInt64Array;
    for (let i = 0; i < data.length; i++) {
      if (data.nullCount > 0 && !data.getValid(i)) {
        throw dataError({ where: place(file, name, row + i), found: "null", expected: "a list of items" });
      }
      offsets[row + i + 1] = filled + Number(ends[i + 1]) - Number(ends[0]);
    }
    if (data.length > 0) {
      const first = Number(ends[0]);
      const last = Number(ends[data.length]);
      const chunk = data.children[0]!.slice(first, last - first);
      const start = filled;
      copyIntegers(chunk, numbers, start, range, (at, found) => {
        throw dataError({
          where: place(file, name, rowOf(offsets, start + at, row + data.length)),
          found,
          expected: `a list whose entries are each ${range.expected}`,
        });
      });
      filled += last - first;
    }
    row += data.length;
  }
  return { offsets, values: Int32Array.from(numbers) };
}

/** Names of Arrow's types in pandas and Parquet. */
function typeName(type: DataType): string {
  const names: Record<string, string> = {
    Utf8: "string",
    LargeUtf8: "string",
    Float64: "double",
    Float32: "float",
    Int64: "int64",
  };
  return names[String(type)] ?? String(type);
}

function requireInteger(type: DataType, file: string, name: string): void {
  if (DataType.isInt(type)) return;
  throw dataError({ where: file, found: `column ${name} is ${typeName(type)}`, expected: "int64" });
}

/** Checks nulls and the range of a chunk of integers; `refuse` gets the first bad entry and throws. */
function copyIntegers(
  data: Data,
  into: Float64Array,
  at: number,
  { low, high }: IntegerRange,
  refuse: (at: number, found: string) => never,
): void {
  const source = data.values as BigInt64Array | Int32Array;
  const nulls = data.nullCount > 0;
  for (let i = 0; i < data.length; i++) {
    if (nulls && !data.getValid(i)) refuse(i, "null");
    const exact = source[i]!;
    const value = Number(exact);
    if (value < low || value > high) refuse(i, String(exact));
    into[at + i] = value;
  }
}

/** The row whose list holds entry `position`. */
function rowOf(offsets: Int32Array, position: number, rows: number): number {
  for (let row = 0; row < rows; row++) if (offsets[row + 1]! > position) return row;
  return rows - 1;
}
