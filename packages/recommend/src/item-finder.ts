import { nearestNames, usageError } from "@kshot/contract";

/** The item number of a name; undefined for a name that the model does not know, if `unknown` is `skip`. */
export interface FindItem {
  /** @throws `USAGE` for an unknown or ambiguous name; `where` names its position. */
  (name: string, where: string): number;
  /** The same, undefined for an unknown name. @throws `USAGE` for an ambiguous title. */
  known(name: string, where: string): number | undefined;
}

/** Longest name, in characters, for which nearest names are searched: longer names are not typing mistakes. */
const longestName = 200;

/**
 * Item numbers by name, or by title if no item has that name and only one item has that title. Titles are compared without regard
 * to case.
 *
 * @param items names by item number
 * @param titles titles by item number
 */
export function itemFinder(items: readonly string[], titles?: readonly string[]): FindItem {
  const byName = new Map(items.map((name, item) => [name, item]));
  const byTitle = new Map<string, number[]>();
  for (const [item, title] of (titles ?? []).entries()) {
    const key = title.toLowerCase();
    const same = byTitle.get(key);
    if (same === undefined) byTitle.set(key, [item]);
    else same.push(item);
  }
  const known = (name: string, where: string): number | undefined => {
    const item = byName.get(name);
    if (item !== undefined) return item;
    const titled = byTitle.get(name.toLowerCase());
    if (titled !== undefined && titled.length > 1) {
      const names = titled.slice(0, 3).map((i) => items[i]);
      throw usageError({
        where: `${where} ${shown(name)}`,
        found: `a title of ${titled.length} items: ${names.join(", ")}${titled.length > 3 ? ", …" : ""}`,
        expected: "the name of one",
      });
    }
    return titled?.[0];
  };
  const find = (name: string, where: string): number => {
    const item = known(name, where);
    if (item !== undefined) return item;
    const near = name.length > longestName ? [] : nearestNames(name, [...items, ...(titles ?? [])], 3);
    throw usageError({
      where: `${where} ${shown(name)}`,
      found: "the model does not know this item",
      expected: `one of its ${items.length} items${near.length === 0 ? "" : `; near it: ${near.map(shown).join(", ")}`}`,
    });
  };
  return Object.assign(find, { known });
}

/** A name in quotes for messages, shortened and with control characters escaped. */
function shown(name: string): string {
  const cut = name.length > 80 ? `${name.slice(0, 79)}…` : name;
  return JSON.stringify(cut).replace(
    // C0 is escaped by JSON; C1, bidirectional controls and line separators are not.
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
