import { bestModel } from "@kshot/experiment";
import { shownPath, typedPath } from "../paths.js";

/** The model that `--model` names; where it names a run, standard error says which of its models was taken. */
export async function modelOf(typed: string): Promise<string> {
  const { file, chosen, of = 1 } = await bestModel(typedPath(typed));
  if (chosen !== undefined) {
    const mrr =
      chosen.mrr === null ? "" : `, validation MRR ${chosen.mrr.toFixed(4)}${of > 1 ? `, the best of ${of}` : ""}`;
    process.stderr.write(`Model ${shownPath(file)}${mrr}.\n`);
  }
  return file;
}
