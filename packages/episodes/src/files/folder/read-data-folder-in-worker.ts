import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { type DataSet, failedError, KshotError } from "@kshot/contract";
import { readDataFolder } from "./read-data-folder.js";
import type { ReadAnswer, ReadRequest } from "./read-messages.js";

/**
 * `readDataFolder` in a worker thread. The Parquet reader's WebAssembly memory (100 MB for a large folder) never shrinks; it is
 * released with its thread. The columns are transferred, not copied. Throws as `readDataFolder`.
 */
export async function readDataFolderInWorker(directory: string, options: ReadRequest["options"]): Promise<DataSet> {
  const file = new URL("./read-worker.js", import.meta.url);
  // Tests run the sources, which have no compiled worker.
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
