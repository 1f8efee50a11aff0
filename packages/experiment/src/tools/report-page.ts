import type { Results } from "@kshot/contract/schemas";
import { writeFileAtomic } from "@kshot/store";
import { readResults } from "../run/index.js";

/**
 * Writes a page with results inside: the files themselves, or all of a run's or suite's folder. Gives how many.
 *
 * @throws as `readResults`; `FAILED` where the page cannot be written.
 */
export async function writeReportPage(options: {
  readonly paths: readonly string[];
  /** Absolute. */
  readonly out: string;
  readonly page: (results: readonly Results[]) => Iterable<string>;
}): Promise<number> {
  const results = await readResults(options.paths);
  await writeFileAtomic(options.out, options.page(results.map((named) => named.results)));
  return results.length;
}
