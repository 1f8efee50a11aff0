import { relative } from "node:path";
import { usageError } from "@kshot/contract";
import { prepareFolder, readCampus, removeUnfinishedFolders } from "@kshot/experiment";
import type { PrepareFlags } from "../flags/prepare.js";
import { interruptRemovesUnfinished } from "../interrupt.js";
import { typedIn, typedPath } from "../paths.js";
import { textProgress } from "../terminal/progress.js";

/** `kshot prepare`. */
export async function runPrepare(flags: PrepareFlags, ...more: string[]): Promise<void> {
  const inputs = [...(flags.input ?? []), ...more].map(typedPath);
  if (inputs.length === 0)
    throw usageError({ where: "--input", found: "no file", expected: "at least one file of events" });
  interruptRemovesUnfinished(removeUnfinishedFolders);
  const { summary, directory } = await prepareFolder(
    {
      directory: typedPath(flags.out),
      inputs,
      columns: {
        user: flags.user,
        item: flags.item,
        time: flags.time,
        ...(flags.session === undefined ? {} : { session: flags.session }),
      },
      timeUnit: flags.timeUnit,
      sessionGap: flags.sessionGap,
      maxPrefix: flags.maxPrefix,
      split: flags.split,
      k: flags.k,
      q: flags.q,
      dataSeed: flags.dataSeed,
      ...(flags.campus === undefined ? {} : { describe: { campus: await readCampus(typedPath(flags.campus)) } }),
      ...(flags.titles === undefined ? {} : { titles: { ...flags.titles, file: typedPath(flags.titles.file) } }),
    },
    textProgress(process.stderr, () => performance.now()),
  );
  const rows = (["train", "val", "test"] as const).map((split) => {
    const { users, pairs, episodes, episodeUsers } = summary[split];
    const first = split === "train" ? "" : `, ${summary.firstWindow[split]} in the first window`;
    return `${split.padEnd(6)} ${users} people, ${pairs} pairs, ${episodes} episodes of ${episodeUsers} people${first}`;
  });
  process.stdout.write(
    `${summary.items} items, ${summary.users} users with a pair, ${summary.pairs} pairs\n${rows.join("\n")}\nWritten to ${relative(typedIn(), directory) || "."}\n`,
  );
}
