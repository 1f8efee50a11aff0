import { readFileSync } from "node:fs";
import { dataError, isTooLarge, messageOf, parseJson, systemCodeOf } from "@kshot/contract";
import { typedPath } from "../paths.js";

/**
 * Names of items in a file: a JSON list of texts, or text with one item per line.
 *
 * @throws `DATA` for a file that cannot be read or has other content.
 */
export function itemList(typed: string): readonly string[] {
  const file = typedPath(typed);
  const text = readText(file, "a list of items");
  if (!/^\s*[[{]/.test(text)) {
    const names = text.split(/\r?\n/).filter((line) => line.trim() !== "");
    if (names.length > 0) return names;
    throw dataError({ where: file, found: "no items", expected: "a JSON list of items, or one item per line" });
  }
  const value = parseJson(text, file);
  if (Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === "string")) return value;
  throw dataError({
    where: file,
    found: JSON.stringify(value).slice(0, 80),
    expected: 'a list of item names, ["a", "b"], or text with one item per line',
  });
}

/** The text of a file, without a byte order mark. @throws `DATA` for a file that cannot be read. */
export function readText(file: string, expected: string): string {
  try {
    return readFileSync(file, "utf8").replace(/^\ufeff/, "");
  } catch (cause) {
    const failed = systemCodeOf(cause) === "ENOENT" ? "no such file" : messageOf(cause);
    const found = isTooLarge(cause) ? "a file of more than 500 MB" : failed;
    throw dataError({ where: file, found, expected, cause });
  }
}
