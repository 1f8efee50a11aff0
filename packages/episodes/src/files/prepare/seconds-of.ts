/** What a number is divided by. */
const unitsPerSecond = { s: "1", ms: "1e3", us: "1e6", ns: "1e9" } as const;

/**
 * SQL for epoch seconds (UTC) of a text: `2017-06-20 00:33:46`, ISO 8601 with or without a zone (none: UTC), or a number of
 * `unit`s since 1970; null where it is none of them.
 */
export function secondsOf(text: string, unit: "s" | "ms" | "us" | "ns" = "s"): string {
  // DuckDB's TIMESTAMP cast passes over a zone such as +02:00 in silence, and TIMESTAMPTZ wants an extension that is not shipped: so
  // the zone is taken off here. The plain form comes first because it has none, and is what most files hold.
  const zone = `regexp_extract(${text}, ':\\d{2}(?:\\.\\d+)?\\s?([+-]\\d{2}):?(\\d{2})?$', ['hours', 'minutes'])`;
  const hours = `TRY_CAST(${zone}.hours AS INTEGER)`;
  const minutes = `COALESCE(TRY_CAST(${zone}.minutes AS INTEGER), 0)`;
  const offset = `COALESCE(3600 * ${hours} + CASE WHEN ${zone}.hours LIKE '-%' THEN -60 ELSE 60 END * ${minutes}, 0)`;
  const timestamp = `epoch(TRY_CAST(${text} AS TIMESTAMP))`;
  return `CASE WHEN ${text} LIKE '____-__-__ __:__:__' THEN ${timestamp}
    ELSE COALESCE(TRY_CAST(${text} AS DOUBLE) / ${unitsPerSecond[unit]}, ${timestamp} - ${offset}) END`;
}
