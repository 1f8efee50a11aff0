import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { type DataSet, failedError, KshotError } from "@kshot/contract";
import { readDataFolder } from "./read-data-folder.js";
import type { ReadAnswer, ReadRequest } from "./reading-apart.js";

/**
 * `readDataFolder` in a thread of its own: the Parquet reader's WebAssembly memory, a hundred megabytes for a large folder, never shrinks,
 * and goes with its thread. The columns come over without being copied. Throws as `readDataFolder`.
 */
export async function readDataFolderApart(directory: string, options: ReadRequest["options"]): Promise<DataSet> {
  const file = new URL("./read-worker.js", import.meta.url);
  // From sources (in tests, say) there is no compiled worker.
  if (!existsSync(fileURLToPath(file))) return readDataFolder(directory, options);
  const worker = new Worker(file, { workerData: { directory, options } satisfies ReadRequest, execArgv: [] });
  try {
    const answer = await new Promise<ReadAnswer>((done, fail) => {
      worker.once("message", done);
      worker.once("error", fail);
      worker.once("exit", (code) =>
        fail(
          failedError({ where: directory, found: `the reading thread ended with code ${code}`, expected: "the data" }),
        ),
      );
    });
    if ("data" in answer) return answer.data;
    if ("code" in answer) throw new KshotError(answer.code, answer.parts);
    throw new Error(answer.message);
  } finally {
    await worker.terminate();
  }
}
