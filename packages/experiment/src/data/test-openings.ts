import { type DataSet, KshotError } from "@kshot/contract";
import { countOpening, openingsFile, openingsOf } from "@kshot/store";
import type { RunCircumstances } from "../circumstances.js";
import type { Progress } from "../progress.js";

/** The evaluated test people, and the run or evaluation. */
export interface TestOpening {
  readonly dataDir: string;
  readonly data: Pick<DataSet, "fingerprint">;
  /** Id of the run or evaluation. */
  readonly id: string;
  readonly circumstances: Pick<RunCircumstances, "now">;
  readonly progress: Progress;
}

/**
 * Counts an evaluation of the test people in the registry of their data folder. If the folder cannot be written, a note reports
 * this, and the evaluation is counted only in the results.
 *
 * @returns the number of this evaluation, from 1
 * @throws `DATA` for an invalid registry, `FAILED` if another process keeps the lock.
 */
export async function openTestPeople({ dataDir, data, id, circumstances, progress }: TestOpening): Promise<number> {
  try {
    return await countOpening(dataDir, { fingerprint: data.fingerprint, id, at: circumstances.now() });
  } catch (cause) {
    if (!KshotError.isInstance(cause) || cause.code !== "USAGE") throw cause;
    const openings = (await openingsOf(dataDir, data.fingerprint)) + 1;
    progress({
      type: "note",
      text: `This evaluation of the test people is not counted: ${openingsFile} cannot be written in ${dataDir}.`,
    });
    return openings;
  }
}
