import { relative } from "node:path";
import { usageError, withoutUndefined } from "@kshot/contract";
import { prepareFolder, readCampus, removeUnfinishedFolders } from "@kshot/experiment";
import type { PrepareFlags } from "../flags/prepare.js";
import { removingUnfinished } from "../interrupt.js";
import { typedIn, typedPath } from "../paths.js";
import { preparedText } from "../terminal/prepared-text.js";
import { print } from "../terminal/print.js";
import { textProgress } from "../terminal/progress.js";

/** `kshot prepare`. */
export async function runPrepare(flags: PrepareFlags, ...more: string[]): Promise<void> {
  const inputs = [...(flags.input ?? []), ...more].map(typedPath);
  if (flags.userFromFilename && flags.user !== "user")
    throw usageError({
      where: "--user-from-filename",
      found: `--user ${flags.user} as well`,
      expected: "one of the two: the person is the file's name, or a column says it",
    });
  if (flags.session !== undefined && flags.sessionGap !== undefined)
    throw usageError({
      where: "--session-gap",
      found: `--session ${flags.session} as well`,
      expected: "one of the two: a column names the sessions, or idle time ends them",
    });
  for (const [flag, given] of [
    ["--titles-sep", flags.titlesSep],
    ["--titles-encoding", flags.titlesEncoding],
  ] as const) {
    if (given === undefined || flags.titles !== undefined) continue;
    throw usageError({ where: flag, found: "no --titles", expected: "the file of titles too, --titles FILE:id:name" });
  }
  const campus = flags.campus === undefined ? undefined : { campus: await readCampus(typedPath(flags.campus)) };
  const options: Parameters<typeof prepareFolder>[0] = {
    directory: typedPath(flags.out),
    inputs,
    columns: {
      user: flags.user,
      item: flags.item,
      time: flags.time,
      ...(flags.session === undefined ? {} : { session: flags.session }),
      ...(flags.order === undefined ? {} : { order: flags.order }),
      ...(flags.splitBy === undefined ? {} : { split: flags.splitBy }),
    },
    sessionGap: flags.sessionGap === "none" ? null : (flags.sessionGap ?? 1800),
    maxPrefix: flags.maxPrefix,
    k: flags.k,
    q: flags.q,
    dataSeed: flags.dataSeed,
    ties: flags.ties,
    header: !flags.noHeader,
    quotes: !flags.noQuotes,
    skipBad: flags.skipBad,
    userFromFilename: flags.userFromFilename,
    ...withoutUndefined({
      timeUnit: flags.timeUnit,
      timeFormat: flags.timeFormat,
      separator: flags.sep,
      encoding: flags.encoding,
      nulls: flags.null,
      where: flags.where,
      minEventsPerUser: flags.minEventsPerUser,
      minEventsPerItem: flags.minEventsPerItem,
      topItems: flags.topItems,
      split: flags.split,
      splitTime: flags.splitTime,
      titles: flags.titles && {
        ...flags.titles,
        file: typedPath(flags.titles.file),
        ...withoutUndefined({ separator: flags.titlesSep, encoding: flags.titlesEncoding }),
      },
      describe: campus,
    }),
  };
  const progress = textProgress(process.stderr, () => performance.now());
  const prepared = await removingUnfinished(removeUnfinishedFolders, () => prepareFolder(options, progress));
  const { summary, directory, notes, warnings } = prepared;
  const out = relative(typedIn(), directory) || ".";
  if (flags.json) process.stdout.write(`${JSON.stringify({ out, ...summary, notes, warnings }, null, 2)}\n`);
  else print(`${preparedText(prepared)}Written to ${out}\n`);
}
