import { normalName } from "../../../core/normal-name.js";

/** RecBole writes a column's type after its name: `user_id:token`. */
const recBoleType = /:(token|token_seq|float|float_seq)$/;

/** The most frequent separator in a line outside quotes; of equal counts the first, which is a line's without any. */
export function separatorOf(line: string, separators: readonly string[]): string {
  const bare = line.replace(/"(?:[^"]|"")*"/g, "");
  const count = (mark: string) => bare.split(mark).length - 1;
  return [...separators].sort((a, b) => count(b) - count(a))[0] ?? ",";
}

/** The fields of one line. A quote that does not close before the next separator is part of its field. */
export function fieldsOf(line: string, mark: string): string[] {
  const fields: string[] = [];
  for (let at = 0; ; ) {
    const quoted = /^"((?:[^"]|"")*)"/.exec(line.slice(at));
    const rest = quoted && (line.startsWith(mark, at + quoted[0].length) || at + quoted[0].length === line.length);
    const end = rest ? at + (quoted?.[0].length ?? 0) : line.indexOf(mark, at);
    const stop = end < 0 ? line.length : end;
    fields.push(rest ? (quoted?.[1] ?? "").replaceAll('""', '"') : line.slice(at, stop));
    if (stop >= line.length) return fields;
    at = stop + mark.length;
  }
}

/** The position of the column of a name in a header; without the type that RecBole adds, if no name is the same; −1: none. */
export function positionOf(columns: readonly string[], name: string): number {
  const [known, asked] = [columns.map(normalName), normalName(name)];
  const exact = known.indexOf(asked);
  return exact >= 0 ? exact : known.map((own) => own.replace(recBoleType, "")).indexOf(asked);
}

/** Lines that a header's quoted name may have. */
const mostHeaderLines = 20;

/** The first line of a text, with the lines after it that belong to it because a quote is open. */
export function firstLineOf(text: string, quotes: boolean): string {
  const [first = "", ...more] = text.split(/(?<=\r\n|\n|\r(?!\n))/, mostHeaderLines);
  let line = first;
  const open = () => line.split('"').length % 2 === 0;
  while (quotes && open() && more.length > 0) line += more.shift();
  return (open() ? first : line).replace(/[\r\n]+$/, "");
}
