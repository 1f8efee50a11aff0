import { requireEvaluations } from "@kshot/comparison";
import type { KshotError } from "@kshot/contract";
import { requireReplaceable, writeFileAtomic } from "@kshot/store";
import { overReportPage, type PageMaker, readResults } from "../run/index.js";

/**
 * Writes a page with results inside: the files themselves, or all of a run's or suite's folder. Gives how many.
 *
 * @throws as `readResults` and `requireEvaluations`; `USAGE` where a file that is no report page would be replaced; `FAILED` where the page cannot be written.
 */
export async function writeReportPage(options: {
  readonly paths: readonly string[];
  /** Absolute. */
  readonly out: string;
  readonly page: PageMaker;
  /** Told of each results file that was changed since kshot wrote it; left out: that is an error. */
  readonly onDamage?: (error: KshotError) => void;
}): Promise<number> {
  const rule = { ...overReportPage, inputs: options.paths };
  await requireReplaceable(options.out, rule);
  const results = await readResults(options.paths, options);
  requireEvaluations(results);
  await writeFileAtomic(options.out, options.page(results), rule);
  return results.length;
}
