import { existsSync, statSync } from "node:fs";
import { shownPath, typedPath } from "../paths.js";
import { printNote } from "../terminal/print.js";

/** The model that `--model` names. If it names a run, a message on standard error says which of its models is used. */
export async function modelOf(typed: string): Promise<string> {
  const path = typedPath(typed);
  if (!existsSync(path) || !statSync(path).isDirectory()) return path;
  const { bestModel } = await import("@kshot/experiment");
  const { file, chosen, of = 1 } = await bestModel(path);
  if (chosen !== undefined) {
    const mrr =
      chosen.mrr === null ? "" : `, validation MRR ${chosen.mrr.toFixed(4)}${of > 1 ? `, the best of ${of}` : ""}`;
    printNote(`Model ${shownPath(file)}${mrr}.\n`);
  }
  return file;
}
