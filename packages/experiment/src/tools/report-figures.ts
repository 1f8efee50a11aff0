import { requireEvaluations } from "@kshot/comparison";
import type { KshotError } from "@kshot/contract";
import { fileBegins, type ReplaceRule, requireReplaceable, withScratchFolder, writeFolderAtomic } from "@kshot/store";
import { type NamedRun, readResults } from "../run/index.js";

/** The first file of a folder of figures. It marks the folder as written by kshot. */
const marker = "figures.json";

/** Kinds of files in a folder of figures. */
const kinds = /\.(svg|png|pdf|tex|md|csv)$/;

/** A folder of figures may replace only an earlier folder of figures. */
const overFigures: ReplaceRule = {
  wrote: (folder) => fileBegins(`${folder}/${marker}`, /^\{"schema":"kshot\.figures\/1"/),
  own: (name) => name === marker || (!name.includes("/") && kinds.test(name)),
};

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
  const rule = { ...overFigures, inputs: options.paths };
  await requireReplaceable(options.directory, rule);
  const results = await readResults(options.paths, options);
  requireEvaluations(results);
  let count = 0;
  const all = async function* (scratch: string | undefined): FigureFiles {
    yield [marker, `${JSON.stringify({ schema: "kshot.figures/1", version: options.version })}\n`];
    for await (const file of options.files(results, scratch)) {
      count++;
      yield file;
    }
  };
  await withScratchFolder((scratch) => writeFolderAtomic(options.directory, all(scratch), rule));
  return count;
}
