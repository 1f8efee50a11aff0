import { refused } from "./filter-errors.js";
import { castType, isText, type Node } from "./parsed-sql.js";

const words = (text: string) => text.trim().split(/\s+/);

/**
 * Functions and operators of `--where`, by DuckDB's names. Each of them depends on one row's values only, not on the clock or the
 * machine, and no result is much longer than its arguments: DuckDB's memory limit does not apply to the text that a function makes.
 * DuckDB's macros, as `nullif` and `split_part`, repeat an argument: nested ones double the expression at each level.
 */
const functions: ReadonlySet<string> = new Set([
  // Numbers.
  ...words(
    "+ - * / // % ** ^ & | ~ << >> @ xor add subtract multiply divide mod abs sign round floor ceil ceiling trunc",
  ),
  ...words("sqrt cbrt exp ln log log2 log10 pow power greatest least isnan isinf isfinite hash"),
  // Text.
  ...words("|| concat concat_ws ~~ !~~ ~~* !~~* ~~~ like_escape not_like_escape ilike_escape not_ilike_escape ^@"),
  ...words("lower lcase upper ucase trim ltrim rtrim length len strlen char_length character_length octet_length"),
  ...words("substring substr left right reverse replace translate contains starts_with prefix ends_with suffix"),
  ...words("position strpos instr regexp_matches regexp_full_match regexp_extract ascii unicode ord"),
  ...words("nfc_normalize strip_accents md5 json_extract json_extract_string ->> json_array_length"),
  // Lists.
  ...words(
    "list_value array_value string_split str_split split string_to_array array_length list_contains array_contains",
  ),
  ...words("list_has array_has list_element list_extract array_extract"),
  // Times.
  ...words(
    "year month day hour minute second millisecond microsecond quarter week weekofyear weekday dayofweek isodow",
  ),
  ...words("dayofmonth dayofyear isoyear yearweek dayname monthname last_day date_part datepart date_trunc datetrunc"),
  ...words(
    "date_diff datediff date_sub datesub epoch epoch_ms epoch_us epoch_ns make_date make_timestamp to_timestamp",
  ),
  ...words("strptime try_strptime timezone to_years to_months to_weeks to_days to_hours to_minutes to_seconds"),
  ...words("to_milliseconds to_microseconds"),
]);

/** Types of a cast. Text of a BLOB or a BIT is longer than the value, so that casts in casts could fill the memory. */
const castTypes =
  /^(BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL|VARCHAR|DATE|TIME|TIMESTAMP.*|INTERVAL|UUID)$/;

/**
 * Checks a node of a `--where` expression.
 *
 * @throws a `USAGE` error for a function that is not in the list, and for a `replace` that makes text longer.
 */
export function requireRowFunction(where: string, node: Node): void {
  if (node.class === "CAST" && !castTypes.test(castType(node))) {
    const info = (node.cast_type as { readonly type_info?: { readonly name?: unknown } | null }).type_info;
    const type = String(info?.name ?? castType(node));
    throw refused(where, `a cast to ${type}`, "casts to numbers, text, dates and times");
  }
  if (node.class !== "FUNCTION") return;
  const name = String(node.function_name).toLowerCase();
  if (!functions.has(name)) {
    const some = "lower, length, contains, regexp_matches, abs, round, year or date_trunc";
    throw refused(where, `the function ${name}`, `functions of one row's numbers, text and times, as ${some}`);
  }
  if (name !== "replace") return;
  const [, from, to] = (node.children as Node[]).map(quotedText);
  if (from === undefined || to === undefined || to.length > from.length) {
    const expected = "two texts in quotes, of which the second is not longer, as replace(rating, ',', '.')";
    throw refused(where, "the function replace with other texts", expected);
  }
}

function quotedText(node: Node): string | undefined {
  return isText(node) ? String((node.value as { readonly value: unknown }).value) : undefined;
}
