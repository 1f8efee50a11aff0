import { failedError } from "./errors.js";

/** Whether a value is an object with keys: not null and no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is an object whose values are all texts. */
export function isTextRecord(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((text) => typeof text === "string");
}

/** One value for each name: `{ [name]: of(name, index) }`. */
export function recordOf<const Name extends string, Value>(
  names: readonly Name[],
  of: (name: Name, index: number) => Value,
): Record<Name, Value> {
  // `fromEntries` types every key as string.
  return Object.fromEntries(names.map((name, index) => [name, of(name, index)])) as Record<Name, Value>;
}

/** The same object without the keys whose value is undefined, as optional properties need it. */
export function withoutUndefined<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  // `fromEntries` types every key as string.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}

/**
 * The entry of a list at a place that the caller knows to exist.
 *
 * @throws `FAILED` if there is none: a bug of the program
 */
export function entryAt<T>(list: ArrayLike<T>, index: number): T {
  const entry = list[index];
  if (entry === undefined) {
    throw failedError({ where: `entry ${index} of a list`, found: `${list.length} entries`, expected: "one more" });
  }
  return entry;
}

/**
 * The entry of a list that has one.
 *
 * @throws `FAILED` for another number of entries: a bug of the program
 */
export function onlyEntry<T>(list: readonly T[]): T {
  if (list.length !== 1) {
    throw failedError({ where: "a list with one entry", found: `${list.length} entries`, expected: "one" });
  }
  return entryAt(list, 0);
}
