import type { TextDecoder as Decoder } from "node:util";
import { usageError } from "@kshot/contract";

/** Names that are common elsewhere → the WHATWG name. */
const synonyms: Readonly<Record<string, string>> = {
  "latin-1": "latin1",
  "utf-16": "utf-16le",
  utf16: "utf-16le",
  utf8: "utf-8",
  "utf-8-sig": "utf-8",
  ansi: "windows-1252",
  cp1250: "windows-1250",
  cp1252: "windows-1252",
  mbcs: "windows-1252",
};

/**
 * A strict decoder of a text encoding.
 *
 * @param encoding - a WHATWG name such as `latin1`, `utf-16le`, `windows-1251`, `shift_jis`, or a common synonym
 * @param flag - named in the error
 * @throws a `USAGE` error for a name that is unknown.
 */
export function textDecoderOf(encoding: string, flag = "--encoding"): Decoder {
  const name = encoding.trim().toLowerCase();
  try {
    return new TextDecoder(synonyms[name] ?? name, { fatal: true });
  } catch (cause) {
    throw usageError({
      where: flag,
      found: `"${encoding}"`,
      expected: "utf-8, latin-1, utf-16, windows-1252 or another encoding of the WHATWG list",
      cause,
    });
  }
}

/** Whether text in this encoding is read as it is. */
export function isUtf8(encoding: string | undefined): boolean {
  return encoding === undefined || textDecoderOf(encoding).encoding === "utf-8";
}
