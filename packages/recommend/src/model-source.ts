import { dataError, isTooLarge, messageOf, systemCodeOf, usageError } from "@kshot/contract";

/** The location of a model: a path (Node, Bun, Deno) or address (browsers), a URL, or the bytes of its file. */
export type ModelSource = string | URL | Uint8Array;

/** Further input of an open model. */
export interface OpenModelOptions {
  /** The file of the learning rates, if they are neither in the model file nor in the file next to it. */
  readonly alpha?: ModelSource;
}

/** Bytes of a file, and its name in messages. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a model's bytes.
 *
 * @throws `DATA` for a file or address that cannot be read, `USAGE` for a source of another kind.
 */
export async function readSource(source: ModelSource): Promise<NamedBytes> {
  const found = await readIfThere(source);
  if (found === undefined) {
    const name = nameOf(source);
    throw dataError({ where: name, found: "no such file", expected: "a model that kshot has written" });
  }
  return found;
}

/** The same; undefined if the file does not exist (or the address answers 404). */
export async function readIfThere(source: ModelSource): Promise<NamedBytes | undefined> {
  if (source instanceof Uint8Array) return { name: nameOf(source), bytes: source };
  if (typeof source !== "string" && !(source instanceof URL)) {
    throw usageError({
      where: "openRecommender, model",
      found: source === null ? "null" : `a value of type ${typeof source}`,
      expected: "a path, a URL or the bytes of a model file (Uint8Array)",
    });
  }
  // Imported at run time, so that a bundler for browsers sees no import of a Node module.
  const files = globalThis.process?.getBuiltinModule?.("node:fs/promises");
  const address = typeof source === "string" ? urlIn(source) : source;
  if (files !== undefined && (address === undefined || address.protocol === "file:")) {
    return readFile(files, address ?? (source as string), nameOf(source));
  }
  return download(address ?? new URL(source as string, globalThis.location?.href), nameOf(source));
}

/** The source of the learning rates next to a model: `m.safetensors` → `m.alpha.safetensors`; undefined for bytes. */
export function ratesBeside(source: ModelSource): string | URL | undefined {
  const beside = (path: string) => path.replace(/(\.safetensors)?$/, ".alpha.safetensors");
  if (typeof source === "string")
    return /^[a-z][a-z0-9+.-]+:\/\//i.test(source) ? ratesBeside(new URL(source)) : beside(source);
  if (!(source instanceof URL)) return undefined;
  const url = new URL(source);
  url.pathname = beside(url.pathname);
  return url;
}

/** A source in messages; an address without its query and password. */
export function nameOf(source: ModelSource): string {
  if (source instanceof Uint8Array) return "model";
  const url = typeof source === "string" ? urlIn(source) : source;
  return url === undefined
    ? (source as string)
    : url.protocol === "file:"
      ? decodeURIComponent(url.pathname)
      : `${url.origin}${url.pathname}`;
}

function urlIn(text: string): URL | undefined {
  // A letter and a colon is a drive of Windows, not a protocol.
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text) ? new URL(text) : undefined;
}

async function readFile(
  files: typeof import("node:fs/promises"),
  path: string | URL,
  name: string,
): Promise<NamedBytes | undefined> {
  try {
    return { name, bytes: await files.readFile(path) };
  } catch (cause) {
    const code = systemCodeOf(cause);
    if (code === "ENOENT") return undefined;
    const failed = code === "EISDIR" ? "a folder" : `cannot be read (${code ?? messageOf(cause)})`;
    const found = isTooLarge(cause) ? "a file of more than 2 GB" : failed;
    throw dataError({ where: name, found, expected: "a model file that can be read", cause });
  }
}

async function download(url: URL, name: string): Promise<NamedBytes | undefined> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw dataError({
      where: name,
      found: "the address cannot be reached",
      expected: "a model file",
      todo: "A page opened from disk cannot fetch other files: pass the bytes instead",
      cause,
    });
  }
  if (response.status === 404) return undefined;
  if (!response.ok) throw dataError({ where: name, found: `HTTP status ${response.status}`, expected: "a model file" });
  return { name, bytes: new Uint8Array(await response.arrayBuffer()) };
}
