/** Text as an SQL literal. */
export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A path as an SQL literal; `*`, `?` and `[` in it are not a pattern. */
export function pathLiteral(file: string): string {
  return textLiteral(file.replace(/[*?[]/g, "[$&]"));
}

/**
 * SQL of a name as it is compared: without blanks around it, in one Unicode normal form (NFC). A name of blanks alone stays.
 *
 * @param sql of the name as it stands in the file
 */
export function normalName(sql: string): string {
  const bare = `trim(${sql}, ' ' || chr(9))`;
  return `nfc_normalize(CASE WHEN ${bare} = '' THEN ${sql} ELSE ${bare} END)`;
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The first line of a DuckDB error, without advice on DuckDB's own options. */
export function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return (message.split("\n")[0] ?? "").replace(/\s+$/, "").replace(/\.$/, "");
}
