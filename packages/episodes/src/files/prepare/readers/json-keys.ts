/** Levels of nested objects whose keys are listed. */
const deepest = 5;

/** Paths to all values of an object that are not objects, with dots between keys: `actor.account.name`. */
export function keyPaths(value: unknown, depth = 0): string[] {
  if (!isObject(value) || depth === deepest) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const paths = keyPaths(inner, depth + 1).map((path) => `${key}.${path}`);
    return paths.length > 0 ? paths : [key];
  });
}

/**
 * The path in an object to the value that is most likely a name: `id`, `name` or the first key.
 *
 * @returns undefined for a list
 */
export function leafIn(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const paths = keyPaths(value);
  return paths.find((path) => /(^|\.)(id|name)$/.test(path)) ?? paths[0] ?? "id";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
