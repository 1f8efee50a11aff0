import { failedError, KshotError, messageOf } from "@kshot/contract";
import type { WorkerAnswer } from "./messages.js";

/** What a thread says of an error of its unit. `at`: the batch or task. */
export function failureOf(error: unknown, at: number, worker: number): NonNullable<WorkerAnswer["failure"]> {
  const { code, parts } = KshotError.isInstance(error)
    ? error
    : failedError({ where: `worker ${worker}`, found: messageOf(error) });
  const { cause: _, ...told } = parts;
  return { at, code, parts: told };
}
