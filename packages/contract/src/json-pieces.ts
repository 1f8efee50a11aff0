/**
 * `JSON.stringify(value)` in pieces, for values whose text is large: lists and objects are split to `depth` levels, each deeper value is one
 * piece. `value` may hold only JSON types; keys that are undefined are left out.
 */
export function* jsonPieces(value: unknown, depth = 3): Generator<string, void, undefined> {
  if (depth === 0 || typeof value !== "object" || value === null) {
    yield JSON.stringify(value);
    return;
  }
  const list = Array.isArray(value);
  const entries = list ? value.entries() : Object.entries(value).filter(([, inner]) => inner !== undefined);
  let before = list ? "[" : "{";
  for (const [key, inner] of entries) {
    yield list ? before : `${before}${JSON.stringify(key)}:`;
    yield* jsonPieces(inner, depth - 1);
    before = ",";
  }
  // An empty one has not been opened yet.
  yield `${before === "," ? "" : before}${list ? "]" : "}"}`;
}
