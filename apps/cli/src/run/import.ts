import { importNetwork } from "@kshot/experiment";
import type { ImportFlags } from "../flags/import.js";
import { shownPath, typedPath } from "../paths.js";

/** `kshot import`. */
export async function runImport(flags: ImportFlags): Promise<void> {
  const out = typedPath(flags.out);
  const { items, layers, embeddingDim, hiddenDim } = await importNetwork({
    weights: typedPath(flags.weights),
    items: typedPath(flags.items),
    ...(flags.titles === undefined ? {} : { titles: typedPath(flags.titles) }),
    out,
    k: flags.k,
    q: flags.q,
    maxSeqLen: flags.maxPrefix,
  });
  process.stdout.write(
    `Written to ${shownPath(out)}: ${items} items, embedding ${embeddingDim}, hidden ${hiddenDim}, ${layers} layer${layers === 1 ? "" : "s"}\n`,
  );
}
