import { usageError } from "@kshot/contract";
import { writeOnnxModel } from "@kshot/experiment";
import type { ExportFlags } from "../flags/export.js";
import { shownPath, typedPath } from "../paths.js";
import { historyInFile } from "./history-file.js";
import { modelOf } from "./model.js";

/** `kshot export`. */
export async function runExport(flags: ExportFlags): Promise<void> {
  const out = typedPath(flags.onnx);
  const model = await modelOf(flags.model);
  const history = flags.for === undefined ? undefined : historyInFile(typedPath(flags.for));
  if (history !== undefined && history.flat().length === 0) {
    throw usageError({ where: "--for", found: "a history without items", expected: "at least one item" });
  }
  const { fitted } = await writeOnnxModel({ model, out, ...(history === undefined ? {} : { history }) });
  if (fitted !== undefined) {
    process.stderr.write(
      fitted.pairs === 0
        ? "The model was not fitted: it takes no inner steps, or the history has no pair.\n"
        : `Fitted by ${fitted.steps} steps on ${fitted.pairs} pair${fitted.pairs === 1 ? "" : "s"}.\n`,
    );
  }
  process.stdout.write(`Written to ${shownPath(out)}\n`);
}
