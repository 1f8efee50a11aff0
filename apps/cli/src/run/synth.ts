import { relative } from "node:path";
import { removeUnfinishedFolders, synthFolder } from "@kshot/experiment";
import type { SynthFlags } from "../flags/synth.js";
import { interruptRemovesUnfinished } from "../interrupt.js";
import { typedIn, typedPath } from "../paths.js";
import { textProgress } from "../terminal/progress.js";

/** `kshot synth`. */
export async function runSynth(flags: SynthFlags): Promise<void> {
  interruptRemovesUnfinished(removeUnfinishedFolders);
  const directory = typedPath(flags.out);
  const { out, ...campus } = flags;
  await synthFolder(
    { directory, campus },
    textProgress(process.stderr, () => performance.now()),
  );
  process.stdout.write(`Written to ${relative(typedIn(), directory) || "."}: events.csv, items.csv, campus.json\n`);
}
