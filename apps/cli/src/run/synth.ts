import { relative } from "node:path";
import { removeUnfinishedFolders, synthFolder } from "@kshot/experiment";
import type { SynthFlags } from "../flags/synth.js";
import { removingUnfinished } from "../interrupt.js";
import { typedIn, typedPath } from "../paths.js";
import { print } from "../terminal/print.js";
import { textProgress } from "../terminal/progress.js";

/** `kshot synth`. */
export async function runSynth(flags: SynthFlags): Promise<void> {
  const directory = typedPath(flags.out);
  const { out, ...campus } = flags;
  const progress = textProgress(process.stderr, () => performance.now());
  await removingUnfinished(removeUnfinishedFolders, () => synthFolder({ directory, campus }, progress));
  print(`Written to ${relative(typedIn(), directory) || "."}: events.csv, items.csv, campus.json\n`);
}
