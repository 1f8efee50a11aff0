/** Text as an SQL expression: a literal; with `chr(0)` for NUL, at which the parser of DuckDB stops. */
export function textLiteral(text: string): string {
  const parts = text.split("\0").map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? `${parts[0]}` : `(${parts.join(" || chr(0) || ")})`;
}

/** A path as an SQL literal; `*`, `?` and `[` in it are not a pattern. */
export function pathLiteral(file: string): string {
  return textLiteral(file.replace(/[*?[]/g, "[$&]"));
}

/**
 * The characters that `String.prototype.trim` removes: blanks, tabs, line ends, no-break spaces, byte order marks and the other
 * spaces of Unicode.
 */
const blanks = textLiteral(
  "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff",
);

/** SQL of a text without blanks around it. */
export function trimmed(sql: string): string {
  return `trim(${sql}, ${blanks})`;
}

/**
 * SQL of a name as it is compared: without blanks around it, in one Unicode normal form (NFC).
 *
 * @param sql of the name as in the file
 */
export function normalNameSql(sql: string): string {
  return `nfc_normalize(${trimmed(sql)})`;
}

/** SQL of a text that is null if it is blank. Most texts begin with an ASCII letter or digit and need no further check. */
export function textOrNull(sql: string): string {
  return `CASE WHEN (${sql} < '!' OR ${sql} > '~') AND ${trimmed(sql)} = '' THEN NULL ELSE ${sql} END`;
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
