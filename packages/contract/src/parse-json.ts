import { dataError } from "./errors.js";
import { nestsDeeper } from "./json-depth.js";
import { jsonErrorPosition } from "./json-error-position.js";

/** Longest JSON in bytes or characters: V8 has no longer texts. */
const longest = 500_000_000;

/** Deepest nesting of lists and objects. Files of kshot have fewer than 20 levels; thousands would exceed the stack. */
const deepest = 200;

/**
 * The only reader of JSON in kshot: parses text, or bytes in UTF-8 with or without a byte order mark.
 *
 * @param source the text, or the bytes of a file
 * @param where the file's name, for errors
 * @returns the value, not checked; `parseFile` of `@kshot/contract/schemas` checks it
 * @throws `DATA` for more than 500 MB or 200 levels, if the bytes are not UTF-8, or if the text is not JSON, with the line and column of the first wrong character
 */
export function parseJson(source: string | Uint8Array, where: string): unknown {
  if (source.length > longest) {
    throw dataError({
      where,
      found: `${Math.round(source.length / 1e6)} MB of JSON`,
      expected: `at most ${longest / 1e6} MB`,
    });
  }
  const text = typeof source === "string" ? source : decodeUtf8(source, where);
  if (nestsDeeper(text, deepest)) {
    throw dataError({
      where,
      found: `lists and objects more than ${deepest} levels deep`,
      expected: `at most ${deepest} levels; files of kshot have fewer than 20`,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { line, column, found } = jsonErrorPosition(text);
    throw dataError({
      where: `${where}, line ${line}, column ${column}`,
      found: `Not JSON: ${found}`,
      todo: "Correct the file, or write it again with the program that made it",
      cause,
    });
  }
}

function decodeUtf8(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw dataError({ where, found: "bytes that are not text in UTF-8", expected: "JSON in UTF-8", cause });
  }
}
