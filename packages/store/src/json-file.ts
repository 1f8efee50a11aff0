import fs from "node:fs/promises";
import { failedError, jsonPieces, type KshotError, messageOf, parseJson } from "@kshot/contract";
import { parseFile } from "@kshot/contract/schemas";
import { readError } from "./file-errors.js";
import { seal, unseal } from "./json-seal.js";
import type { ReplaceRule } from "./replaceable.js";
import { writeFileAtomic } from "./write-file.js";

/** A schema of `@kshot/contract/schemas`. */
export type FileSchema = Parameters<typeof parseFile>[0];

/** The content of a file of this schema after reading. */
export type Content<Schema extends FileSchema> = Schema["_zod"]["output"];

/** The values that a file of this schema can be written from: keys with a default may be omitted. */
export type Writable<Schema extends FileSchema> = Schema["_zod"]["input"];

/**
 * Reads a JSON file and checks it against its schema.
 *
 * @param onDamage called if the file has a hash of itself and was changed since; without it, this is an error
 * @throws `DATA`, naming the file, if it is missing, is not UTF-8, is not JSON (with line and column), has wrong keys (all are
 * listed), or was changed since it was written (if it has a hash of itself).
 */
export async function readJsonFile<Schema extends FileSchema>(
  path: string,
  schema: Schema,
  { onDamage }: { readonly onDamage?: (error: KshotError) => void } = {},
): Promise<Content<Schema>> {
  let bytes: Uint8Array;
  try {
    bytes = await fs.readFile(path);
  } catch (cause) {
    throw readError(path, cause);
  }
  const value = parseJson(bytes, path);
  const damage = unseal(value, path);
  if (damage !== undefined && onDamage === undefined) throw damage;
  if (damage !== undefined) onDamage?.(damage);
  return parseFile(schema, value, path);
}

/**
 * Writes a value as JSON, indented by `indent` spaces (0: one line), with a final line end, as an atomic write. The value is
 * checked first with the schema that reads it. `sealed` adds its hash under `volatile.sha256`. The written file has the content
 * that reading returns: defaults are filled in.
 *
 * @throws `FAILED` for a value that the schema refuses or that JSON cannot represent (NaN, an infinity): a bug of the program,
 * not of a file. Otherwise as `writeFileAtomic`.
 */
export async function writeJsonFile<Schema extends FileSchema>(
  path: string,
  schema: Schema,
  value: Writable<Schema>,
  {
    indent = 2,
    replace,
    sealed = false,
  }: { readonly indent?: number; readonly replace?: ReplaceRule; readonly sealed?: boolean } = {},
): Promise<void> {
  let checked: unknown;
  try {
    checked = parseFile(schema, value, path);
  } catch (cause) {
    throw failedError({
      where: path,
      found: `Not written, because its content does not match its own schema. ${messageOf(cause)}`,
      cause,
    });
  }
  const bad = notJson(checked);
  if (bad !== undefined) {
    throw failedError({
      where: `${path}, ${bad.keys.reverse().join(".") || "the value itself"}`,
      found: `${bad.found}, which JSON cannot hold; not written`,
      expected: "finite numbers, text, true, false, null, lists and plain objects",
    });
  }
  if (sealed) seal(checked as Parameters<typeof seal>[0]);
  // Large values are written on one line and never held in memory as one text.
  await writeFileAtomic(
    path,
    indent === 0 ? onOneLine(checked) : `${JSON.stringify(checked, null, indent)}\n`,
    replace,
  );
}

function* onOneLine(value: unknown): Generator<string> {
  yield* jsonPieces(value);
  yield "\n";
}

/**
 * A value that `JSON.stringify` would silently change (NaN and infinities to null; functions and undefined are dropped), and its
 * keys, the last first.
 */
function notJson(value: unknown): { readonly found: string; readonly keys: string[] } | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number" && Number.isFinite(value)) return undefined;
  if (typeof value !== "object") return { found: String(value), keys: [] };
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const bad = notJson(value[i]);
      if (bad !== undefined) return { ...bad, keys: [...bad.keys, String(i)] };
    }
    return undefined;
  }
  if (!isPlain(value)) return { found: "an object that is not a plain object", keys: [] };
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key];
    // An optional key with the value undefined is absent, for the schema and for JSON.
    const bad = inner === undefined ? undefined : notJson(inner);
    if (bad !== undefined) return { ...bad, keys: [...bad.keys, key] };
  }
  return undefined;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
