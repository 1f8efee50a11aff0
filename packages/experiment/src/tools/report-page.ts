import { requireEvaluations } from "@kshot/comparison";
import type { KshotError } from "@kshot/contract";
import { openModel } from "@kshot/recommend";
import { requireReplaceable, writeFileAtomic } from "@kshot/store";
import { overReportPage, type PageMaker, type PageModel, pageModel, readResults } from "../run/index.js";

/**
 * Writes a page with results inside: the files themselves, or all of a run's or suite's folder. Gives how many.
 *
 * @throws `DATA` for what is no model; as `readResults` and `requireEvaluations`; `USAGE` where a file that is no report page would be replaced; `FAILED` where the page cannot be written.
 */
export async function writeReportPage(options: {
  readonly paths: readonly string[];
  /** Absolute. */
  readonly out: string;
  readonly page: PageMaker;
  /** Told of each results file that was changed since kshot wrote it; left out: that is an error. */
  readonly onDamage?: (error: KshotError) => void;
  /** File of a model that the page lets a reader try, absolute; left out: none. */
  readonly model?: string;
}): Promise<number> {
  const rule = { ...overReportPage, inputs: options.paths };
  await requireReplaceable(options.out, rule);
  const results = await readResults(options.paths, options);
  requireEvaluations(results);
  const model = options.model === undefined ? undefined : await openable(options.model);
  await writeFileAtomic(options.out, options.page(results, model), rule);
  return results.length;
}

/** A model that a page can open: it is opened here first, so that a broken one is refused now. */
async function openable(file: string): Promise<PageModel> {
  await openModel(file);
  const model = pageModel(file);
  // In the page no file lies beside it.
  await openModel(model.bytes);
  return model;
}
