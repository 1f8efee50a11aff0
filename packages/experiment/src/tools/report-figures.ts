import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { requireEvaluations } from "@kshot/comparison";
import type { KshotError } from "@kshot/contract";
import { isRecord, parseJson } from "@kshot/contract";
import { type ReplaceRule, requireReplaceable, withScratchFolder, writeFolderAtomic } from "@kshot/store";
import { type NamedRun, readResults } from "../run/index.js";

/** A file of a folder of figures that names the others. */
const marker = "figures.json";

/** A folder of figures may replace only an earlier folder of figures, without any file that it does not name. */
async function overFigures(folder: string, inputs: readonly string[]): Promise<ReplaceRule> {
  const names = await namedFiles(join(folder, marker));
  return { inputs, wrote: () => names !== undefined, own: (name) => name === marker || names?.has(name) === true };
}

/** Names of the other files in a folder of figures; undefined if kshot did not write it. */
async function namedFiles(file: string): Promise<ReadonlySet<unknown> | undefined> {
  try {
    const found = parseJson(await readFile(file), file);
    return isRecord(found) && found.schema === "kshot.figures/1" && Array.isArray(found.files)
      ? new Set(found.files)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The files of a folder of figures: name and content, in the order of writing. */
export type FigureFiles = AsyncIterable<readonly [name: string, content: string | Uint8Array]>;

/**
 * Writes the figures of results into a folder, as one operation: pictures, tables and values.
 *
 * @param options.files - creates the files from the results; `scratch` is an empty folder that is removed at
 * the end; undefined if the system's temporary folder cannot be written.
 * @returns the number of files, without the one that marks the folder.
 * @throws as `readResults` and `requireEvaluations`; `USAGE` for a folder that holds anything else.
 */
export async function writeReportFigures(options: {
  readonly paths: readonly string[];
  /** Absolute. */
  readonly directory: string;
  /** Version of kshot. */
  readonly version: string;
  readonly files: (results: readonly NamedRun[], scratch: string | undefined) => FigureFiles;
  /** Called for each results file that was changed since kshot wrote it; if omitted, this is an error. */
  readonly onDamage?: (error: KshotError) => void;
}): Promise<number> {
  const rule = await overFigures(options.directory, options.paths);
  await requireReplaceable(options.directory, rule);
  const results = await readResults(options.paths, options);
  requireEvaluations(results);
  const names: string[] = [];
  const all = async function* (scratch: string | undefined): FigureFiles {
    for await (const file of options.files(results, scratch)) {
      names.push(file[0]);
      yield file;
    }
    yield [marker, `${JSON.stringify({ schema: "kshot.figures/1", version: options.version, files: names })}\n`];
  };
  await withScratchFolder((scratch) => writeFolderAtomic(options.directory, all(scratch), rule));
  return names.length;
}
