import { usageError } from "@kshot/contract";
import { recommendPeople } from "@kshot/experiment";
import type { RecommendFlags } from "../flags/recommend.js";
import { interruptSignal } from "../interrupt.js";
import { shownPath, typedPath } from "../paths.js";
import { version } from "../program.js";
import { textProgress } from "../terminal/progress.js";
import { modelOf } from "./model.js";
import { openedRecommender, rankingOptions } from "./opened-recommender.js";
import { workersOfThisMachine } from "./workers.js";

/** `kshot recommend --events`: a list for every person of the files. */
export async function recommendEvents(flags: RecommendFlags): Promise<void> {
  const { events = [], out } = flags;
  if (out === undefined) {
    throw usageError({
      where: "--out",
      found: "no file",
      expected: "FILE.csv, FILE.jsonl or FILE.parquet for the lists",
    });
  }
  if (flags.history !== undefined || flags.historyFile !== undefined) {
    throw usageError({
      where: "--events",
      found: `--${flags.history === undefined ? "history-file" : "history"} as well`,
      expected: "one of them: one person, or the people of files",
    });
  }
  const ranking = rankingOptions(flags);
  const { signal, release } = interruptSignal("Stopping after these people; press Ctrl-C again to stop at once.");
  const model = await modelOf(flags.model);
  const recommender = await openedRecommender(flags, model, workersOfThisMachine());
  const { engine, device, backend, build } = flags;
  const { arch, versions } = process;
  try {
    const done = await recommendPeople({
      recommender,
      events: {
        inputs: events.map(typedPath),
        columns: { user: flags.user, item: flags.item, time: flags.time },
        sessionGap: flags.sessionGap,
        ...(flags.timeUnit === undefined ? {} : { timeUnit: flags.timeUnit }),
        ...(flags.timeFormat === undefined ? {} : { timeFormat: flags.timeFormat }),
      },
      out: typedPath(out),
      ranking,
      keep: { model, computed: { version, engine, device, backend, build, arch, node: versions.node } },
      progress: textProgress(process.stderr, () => performance.now()),
      signal,
    });
    if (done.ignored > 0) {
      process.stderr.write(`${done.ignored} events of items that the model does not know were left out.\n`);
    }
    if (recommender.adapts && done.unfitted > 0) {
      process.stderr.write(
        `${done.unfitted} people have no pair, so the model was not fitted to them. Their ranking uses the history alone.\n`,
      );
    }
    process.stdout.write(
      flags.json
        ? `${JSON.stringify({ out: shownPath(typedPath(out)), ...done })}\n`
        : `Written to ${shownPath(typedPath(out))}: ${done.rows} rows for ${done.people} people\n`,
    );
  } finally {
    release();
    recommender.close();
  }
}
