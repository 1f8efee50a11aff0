import { dataError, type KshotError } from "@kshot/contract";

/** The error for files without events. */
export function noEvents(where: string): KshotError {
  return dataError({ where, found: "no events", expected: "one line per event below the header" });
}
