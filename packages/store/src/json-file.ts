import fs from "node:fs/promises";
import { failedError, jsonPieces, type KshotError, parseJson } from "@kshot/contract";
import { parseFile } from "@kshot/contract/schemas";
import { readError } from "./file-errors.js";
import { seal, unseal } from "./json-seal.js";
import type { ReplaceRule } from "./replaceable.js";
import { writeFileAtomic } from "./write-file.js";

/** A schema of `@kshot/contract/schemas`. */
export type FileSchema = Parameters<typeof parseFile>[0];

/** What a file of this schema holds when read. */
export type Content<Schema extends FileSchema> = Schema["_zod"]["output"];

/** What a file of this schema can be written from: keys with a default may be left out. */
export type Writable<Schema extends FileSchema> = Schema["_zod"]["input"];

/**
 * Reads a JSON file and checks it against its schema.
 *
 * @param onDamage told where the file holds a hash of itself and was changed since; left out: that is an error
 * @throws `DATA`, naming the file: missing, not UTF-8, not JSON (with line and column), with every key that is wrong, or, where it holds a
 *   hash of itself, changed since it was written.
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
 * Writes a value as JSON, `indent` spaces deep (0: on one line), with a line end at the end, whole or not at all; after checking it by the very
 * schema that reads it; `sealed`: with its hash under `volatile.sha256`. What is written is what reading gives: defaults are filled in.
 *
 * @throws `FAILED` for a value that the schema refuses or that JSON cannot hold (NaN, an infinity): a mistake of the program,
 *   not of a file; else as `writeFileAtomic`.
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
      found: `Not written, for its content does not fit its own schema. ${(cause as Error).message}`,
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
  // What is large is written on one line, and never held as text as a whole.
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

/** What `JSON.stringify` would quietly change (NaN and infinities to null, functions and undefined to nothing), and its keys, the last first. */
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
  if (!isPlain(value)) return { found: "an object that is no plain one", keys: [] };
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key];
    // An optional key that is undefined is a key that is not there, for the schema as for JSON.
    const bad = inner === undefined ? undefined : notJson(inner);
    if (bad !== undefined) return { ...bad, keys: [...bad.keys, key] };
  }
  return undefined;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
