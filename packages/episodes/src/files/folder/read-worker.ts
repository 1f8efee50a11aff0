import { parentPort, workerData } from "node:worker_threads";
import { KshotError } from "@kshot/contract";
import { readDataFolder } from "./read-data-folder.js";
import { buffersOf, type ReadAnswer, type ReadRequest } from "./read-messages.js";

const { directory, options } = workerData as ReadRequest;
try {
  const data = await readDataFolder(directory, options);
  parentPort!.postMessage({ data } satisfies ReadAnswer, buffersOf(data));
} catch (error) {
  // A KshotError keeps its code and parts. Other errors keep their message.
  const answer: ReadAnswer = KshotError.isInstance(error)
    ? { code: error.code, parts: { ...error.parts, cause: undefined } }
    : { message: error instanceof Error ? error.message : String(error) };
  parentPort!.postMessage(answer);
}
