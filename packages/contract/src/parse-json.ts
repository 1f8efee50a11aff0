import { dataError } from "./errors.js";
import { jsonErrorPosition } from "./json-error-position.js";

/**
 * The only reader of JSON in kshot: parses text, or bytes in UTF-8 with or without a byte order mark.
 *
 * @param source the text, or the bytes of a file
 * @param where the file's name, for errors
 * @returns the value, not checked; `parseFile` of `@kshot/contract/schemas` checks it
 * @throws `DATA` if the bytes are not UTF-8 or the text is not JSON, with the line and column of the first wrong character
 */
export function parseJson(source: string | Uint8Array, where: string): unknown {
  const text = typeof source === "string" ? source : decodeUtf8(source, where);
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
