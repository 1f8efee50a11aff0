import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type DataSet, dataError, isRecord, parseJson } from "@kshot/contract";
import { parseFile, summarySchema } from "@kshot/contract/schemas";
import { type FileContent, sha256File, sha256Json } from "@kshot/store";

const summaryFile = "summary.json";

/**
 * The files of a data folder as they are written. The last one, `summary.json`, has the hash of each, so that a file that is
 * damaged or replaced later is noticed.
 */
export async function* withHashes(
  files: Iterable<readonly [path: string, content: AsyncIterable<Uint8Array> | string]>,
): AsyncGenerator<readonly [path: string, content: FileContent]> {
  const hashes: Record<string, string> = {};
  for (const [path, content] of files) {
    if (path !== summaryFile || typeof content !== "string") {
      yield [path, hashed(content, (sha256) => (hashes[path] = sha256))];
      continue;
    }
    const summary = parseFile(summarySchema, parseJson(content, path), path);
    const own = sha256Json(summary);
    yield [path, `${JSON.stringify({ ...summary, files: { ...hashes, [summaryFile]: own } }, null, 2)}\n`];
  }
}

/** The same content; its hash is reported when it was read to its end. */
async function* hashed(
  content: AsyncIterable<Uint8Array> | string,
  told: (sha256: string) => void,
): AsyncGenerator<string | Uint8Array> {
  const hash = createHash("sha256");
  for await (const piece of typeof content === "string" ? [content] : content) {
    hash.update(piece);
    yield piece;
  }
  told(hash.digest("hex"));
}

/**
 * The parts of a data folder that differ from the files that `prepare` wrote, in words that start with the file; empty for a
 * folder of another program.
 *
 * @param directory the data folder
 * @param data the content of the folder
 */
export async function changedSincePrepared(
  directory: string,
  data: Pick<DataSet, "k" | "q" | "fingerprint">,
): Promise<string[]> {
  const path = join(directory, summaryFile);
  if (!existsSync(path)) return [];
  const value = parseJson(await readFile(path), path);
  const { success, data: summary } = summarySchema.safeParse(value);
  if (!success) return [];
  // The hash is of the file's own text: its keys in their order.
  const { files: _, ...rest } = isRecord(value) ? value : {};
  const sameSize = Number(summary.options.k ?? data.k) === data.k && Number(summary.options.q ?? data.q) === data.q;
  const changed =
    sameSize && summary.fingerprint !== data.fingerprint
      ? [
          `${summaryFile} has the fingerprint ${summary.fingerprint.slice(0, 12)}…, the files ${data.fingerprint.slice(0, 12)}…: one was changed after the other was written`,
        ]
      : [];
  for (const { name, missing } of await otherFiles(directory, summary.files, rest))
    changed.push(`${name} is ${missing ? "missing" : "not what prepare wrote (SHA-256)"}`);
  return changed;
}

/** Files of a data folder whose hash is not the one that `summary.json` has for them. */
async function otherFiles(
  directory: string,
  hashes: Readonly<Record<string, string>> | undefined,
  rest: Readonly<Record<string, unknown>>,
): Promise<{ name: string; missing: boolean }[]> {
  const others: { name: string; missing: boolean }[] = [];
  for (const [name, sha256] of Object.entries(hashes ?? {})) {
    const file = join(directory, name);
    const missing = !existsSync(file);
    if (!missing && sha256 === (name === summaryFile ? sha256Json(rest) : (await sha256File(file)).sha256)) continue;
    others.push({ name, missing });
  }
  return others;
}

/** Files of a data folder whose bytes were changed since kshot wrote them. Empty for a folder of an earlier version, which has no hashes. */
export async function editedFiles(directory: string): Promise<string[]> {
  const path = join(directory, summaryFile);
  const value = parseJson(await readFile(path), path);
  const { success, data: summary } = summarySchema.safeParse(value);
  if (!success) return [];
  const { files: _, ...rest } = isRecord(value) ? value : {};
  return (await otherFiles(directory, summary.files, rest)).flatMap(({ name, missing }) => (missing ? [] : [name]));
}

/** @throws `DATA` for a folder that was changed since `prepare` wrote it. */
export async function requireAsPrepared(directory: string, data: DataSet): Promise<void> {
  const [first, ...more] = await changedSincePrepared(directory, data);
  if (first === undefined) return;
  throw dataError({
    where: directory,
    found: `${first}${more.length === 0 ? "" : `, nor are ${more.length} more files`}`,
    expected: "the files as they were written",
    todo: "Make the folder again with kshot prepare; to use it unchanged, remove summary.json",
  });
}
