import { interruptedError, KshotError } from "@kshot/contract";
import { type HistoriesOptions, inputFiles, type PersonHistory, readEventHistories } from "@kshot/episodes";
import type { HistoryOptions, RankOptions, Recommender } from "@kshot/recommend";
import { type ReplaceRule, requireReplaceable, withScratchFolder, writeFileAtomic } from "@kshot/store";
import type { Progress } from "../progress.js";
import { type ComputedLists, type FinishedPeople, finishedPeople } from "./finished-people.js";
import { type ListBatch, type ListColumns, listFormat } from "./list-file.js";

/** Options of `recommendPeople`. */
export interface RecommendPeopleOptions {
  readonly recommender: Recommender;
  /** Files of events and how they are read. */
  readonly events: HistoriesOptions;
  /** File of the lists, absolute: `.csv`, `.jsonl` or `.parquet`. */
  readonly out: string;
  readonly ranking: HistoryOptions & RankOptions;
  /** Number of people computed together; does not change results. Default 256, fewer for long lists. */
  readonly peopleAtOnce?: number;
  /** If given, finished people are kept in a journal next to `out` until the file is complete, and a call after a stop or kill continues there. */
  readonly keep?: {
    /** File of the recommender's model. */
    readonly model: string;
    /** Everything else that changes the bits of its scores: engine, device, versions. */
    readonly computed: unknown;
  };
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** Result of `recommendPeople`. */
export interface RecommendedPeople {
  readonly people: number;
  readonly rows: number;
  /** Events of items that the model does not know, left out with `unknown: "skip"`. */
  readonly ignored: number;
  /** People for whom the model took no step: their events make no pair. */
  readonly unfitted: number;
}

/** Columns of the lists, with their types. */
export const listColumns: ListColumns = [
  ["user_id", "string"],
  ["rank", "int64"],
  ["item_id", "string"],
  ["title", "string"],
  ["score", "float64"],
  ["probability", "float64"],
];

/**
 * A list for every person in files of events: columns `user_id, rank, item_id, title, score, probability`, people in byte order of
 * their names. People are streamed: memory does not grow with their number. The file is written under a temporary name and renamed when it
 * is complete. A call that continues a stopped one (`keep`) writes the same bytes as one that was never stopped.
 *
 * @throws `USAGE` for an item that the model does not know (with `unknown: "refuse"`) or a path that cannot be written; `DATA`
 * for files of events that cannot be read; `INTERRUPTED` if the signal aborts: nothing is written to `out`.
 */
export async function recommendPeople(options: RecommendPeopleOptions): Promise<RecommendedPeople> {
  const { events, out } = options;
  const rule = listFormat(out, "--out").rule(listColumns, await inputFiles(events.inputs));
  await requireReplaceable(out, rule);
  return withScratchFolder((spillFolder) => writeLists(options, { ...events, spillFolder }, rule));
}

async function writeLists(
  options: RecommendPeopleOptions,
  events: HistoriesOptions,
  rule: ReplaceRule,
): Promise<RecommendedPeople> {
  const { out, progress, signal, keep, ranking } = options;
  const format = listFormat(out, "--out");
  const stage = "Recommending";
  const { people: total, histories, close } = await readEventHistories(events);
  const done = { people: 0, rows: 0, ignored: 0, unfitted: 0 };
  let finished: FinishedPeople | undefined;
  try {
    finished = keep && (await finishedPeople(out, ranking, keep));
    progress({ type: "stage", stage, total, unit: "person" });
    const lists = async function* (): AsyncGenerator<ListBatch> {
      let kept = 0;
      for await (const group of groups(histories, options.peopleAtOnce ?? togetherFor(ranking.top))) {
        if (signal?.aborted) throw stopped(done.people, total, finished);
        const earlier = await finished?.listsOf(group);
        if (earlier !== undefined) kept += group.length;
        else if (kept > 0) {
          progress({ type: "note", text: `${kept} of ${total} people were finished by an earlier call.` });
          kept = 0;
        }
        const computed = earlier ?? (await listsOf(group, options));
        if (earlier === undefined) await finished?.add(computed);
        done.people += group.length;
        done.rows += computed.lists[0]?.length ?? 0;
        done.ignored += computed.ignored;
        done.unfitted += computed.unfitted;
        progress({ type: "step", stage, done: done.people, figures: {} });
        yield computed.lists;
      }
    };
    await writeFileAtomic(out, format.pieces(listColumns, lists()), rule);
    await finished?.remove();
  } finally {
    await finished?.close();
    close();
  }
  progress({ type: "done", stage, text: `${done.people} people` });
  return done;
}

/** People whose lists are computed together: 256, and not more rows than fit well into memory. */
function togetherFor(top = 10): number {
  return Math.max(1, Math.min(256, Math.floor(65_536 / top)));
}

function stopped(people: number, total: number, finished: FinishedPeople | undefined) {
  if (people === 0 || finished === undefined) {
    return interruptedError({ found: "recommending was stopped; nothing was written" });
  }
  return interruptedError({
    found: `recommending was stopped after ${people} of ${total} people, which are kept in ${finished.path}`,
    todo: "The same command continues there",
  });
}

async function* groups(histories: AsyncIterable<PersonHistory>, size: number): AsyncGenerator<PersonHistory[]> {
  let group: PersonHistory[] = [];
  for await (const person of histories) {
    group.push(person);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

async function listsOf(
  group: readonly PersonHistory[],
  { recommender, ranking, events }: RecommendPeopleOptions,
): Promise<ComputedLists> {
  const answers = await recommender
    .recommendMany(
      group.map(({ sessions }) => sessions),
      ranking,
    )
    .catch((error: unknown) => {
      throw namedPerson(error, group, events.inputs);
    });
  const lists: (string | number | null)[][] = listColumns.map(() => []);
  for (const [p, { items }] of answers.entries()) {
    for (const { rank, item, title, score, probability } of items) {
      // JSON, which keeps finished people, has no −0.
      const row = [group[p]?.user ?? "", rank, item, title ?? null, score + 0, probability];
      row.forEach((value, column) => {
        lists[column]?.push(value);
      });
    }
  }
  return {
    lists,
    ignored: answers.reduce((sum, { ignored }) => sum + ignored.length, 0),
    unfitted: answers.filter(({ adapted }) => adapted.pairs === 0).length,
  };
}

/** An error about a history, with the person's name instead of their number in the group. */
function namedPerson(error: unknown, group: readonly PersonHistory[], files: readonly string[]): unknown {
  if (!KshotError.isInstance(error)) return error;
  const [whole, number = "0"] = /^(?:histories, person (\d+), item|history(?= "))/.exec(error.parts.where ?? "") ?? [];
  if (whole === undefined) return error;
  const person = JSON.stringify(group[Number(number)]?.user);
  const where = `${files.join(", ")}, person ${person}, item${error.parts.where?.slice(whole.length)}`;
  return new KshotError("DATA", {
    ...error.parts,
    where,
    todo: "Leave such items out with --unknown skip",
    cause: error,
  });
}
