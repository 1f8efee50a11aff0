import { requireEvaluations, withoutPeople } from "@kshot/comparison";
import type { KshotError } from "@kshot/contract";
import { openModel } from "@kshot/recommend";
import { requireReplaceable, writeFileAtomic } from "@kshot/store";
import { overReportPage, type PageMaker, type PageModel, pageModel, readResults } from "../run/index.js";

/**
 * Writes a page with results inside: the given files, or all files of a run's or suite's folder. Returns their number.
 *
 * @throws `DATA` for a file that is not a model; as `readResults` and `requireEvaluations`; `USAGE` if a file that is not a
 * report page would be replaced; `FAILED` if the page cannot be written.
 */
export async function writeReportPage(options: {
  readonly paths: readonly string[];
  /** Absolute. */
  readonly out: string;
  readonly page: PageMaker;
  /** Called for each results file that was changed since kshot wrote it; if omitted, this is an error. */
  readonly onDamage?: (error: KshotError) => void;
  /** File of a model that the page can compute with, absolute; if omitted, none. */
  readonly model?: string;
  /** Whether the page leaves out ids and items of single people, the command line and paths. */
  readonly anonymous?: boolean;
}): Promise<number> {
  const rule = { ...overReportPage, inputs: options.paths };
  await requireReplaceable(options.out, rule);
  const read = await readResults(options.paths, options);
  const results = options.anonymous ? withoutPeople(read) : read;
  requireEvaluations(results);
  const model = options.model === undefined ? undefined : await openable(options.model);
  await writeFileAtomic(options.out, options.page(results, model), rule);
  return results.length;
}

/** A model for a page is opened here first, so that a broken one is refused now. */
async function openable(file: string): Promise<PageModel> {
  await openModel(file);
  const model = pageModel(file);
  // A page has no second file next to it.
  await openModel(model.bytes);
  return model;
}
