import { dataError, parseJson } from "@kshot/contract";
import type { History } from "@kshot/recommend";
import { readText } from "./item-list.js";

/** A person's history in a JSON file. @throws `DATA` for a file that cannot be read or has other content. */
export function historyInFile(file: string): History {
  const value = parseJson(readText(file, "a JSON list of items"), file);
  const items = (list: unknown): boolean => Array.isArray(list) && list.every((entry) => typeof entry === "string");
  if (items(value) || (Array.isArray(value) && value.every(items))) return value as History;
  throw dataError({
    where: file,
    found: JSON.stringify(value).slice(0, 80),
    expected: 'a list of item names, ["a", "b"], or a list of sessions, [["a"], ["b", "c"]]',
  });
}
