import { type DataSet, dataError } from "@kshot/contract";
import type { RowAccount } from "@kshot/contract/schemas";
import { buildDataSet } from "../../core/build-data-set.js";
import type { Served } from "../../core/served-people.js";
import type { BetweenSplits } from "../../core/split-by-time.js";
import { fingerprint } from "../fingerprint.js";
import { accountOfRows } from "./account.js";
import { checkRows } from "./bad-rows.js";
import { checkPrepareOptions } from "./check-options.js";
import { withDatabase } from "./event-database.js";
import { listInputs, personOfFile } from "./list-inputs.js";
import { loadEvents } from "./load-events.js";
import { noEvents } from "./no-events.js";
import { notesOf } from "./notes.js";
import type { PrepareOptions } from "./options.js";
import { sortEvents } from "./sorted-events.js";
import { checkTimeFormat } from "./time-column.js";
import { readTitles } from "./titles.js";

/** A data set and the account of its input rows. */
export interface PreparedEvents {
  readonly data: DataSet;
  /** The account of every row. */
  readonly rows: RowAccount;
  /** Number of people with K + Q pairs, and smaller K and Q that serve more people. */
  readonly served: readonly Served[];
  /** Only with `splitTime`. */
  readonly between?: BetweenSplits;
  /** How numbers in the time column were read, as `ms` or `yyyymmdd`; null: there are none, or the options say it. */
  readonly numberForm: string | null;
  /** Notes about what was recognised in the files, in sentences. */
  readonly notes: readonly string[];
  /** Warnings about likely mistakes, with advice, in sentences. */
  readonly warnings: readonly string[];
}

/**
 * Events → a data set: order, filters, sessions, pairs, vocabulary in byte order of names, split, episodes.
 *
 * @throws `USAGE` for invalid options; `DATA` for a bad file or row, and if no person (in a split) has the K + Q pairs of an
 * episode; the message has the number of people by pairs.
 */
export async function prepareEvents(options: PrepareOptions): Promise<DataSet> {
  return (await prepareEventsWithAccount(options)).data;
}

/** As `prepareEvents`, with the account of all rows. */
export async function prepareEventsWithAccount(options: PrepareOptions): Promise<PreparedEvents> {
  checkPrepareOptions(options);
  const { onProgress, timeFormat, ties = "drop" } = options;
  const where = options.inputs.join(", ");
  const { loaded, checked, sorted, titlesOf, untitled } = await withDatabase(options.spillFolder, async (database) => {
    if (timeFormat !== undefined) await checkTimeFormat(database, timeFormat);
    const files = await listInputs(database, options.inputs);
    onProgress?.({ stage: "read", files: files.length });
    const loaded = await loadEvents(database, files, options);
    if (loaded.every(({ rows, rejected }) => rows + rejected.length === 0)) {
      throw noEvents(where);
    }
    const checked = await checkRows(database, loaded, options, where);
    const sorted = await sortEvents(database, options, checked);
    if (sorted.events.item.length === 0) {
      throw dataError({
        where,
        found: "no event left: all rows are filtered out or bad",
        expected: "events",
        todo: "Look at --where and --skip-bad",
      });
    }
    const { items } = sorted.events;
    const titles = options.titles && (await readTitles(database, options.titles, items, options));
    const titlesOf = titles && new Map(items.map((item, number) => [item, titles.titles[number] ?? item]));
    const untitled = titles?.found === 0 ? options.titles : undefined;
    return { loaded, checked, sorted, titlesOf, untitled };
  });
  const { users, items } = sorted.events;
  const built = buildDataSet(sorted.events, options, where);
  const rows = accountOfRows(loaded, checked, built);
  const data = {
    ...built.data,
    ...(titlesOf ? { titles: built.data.items.map((item) => titlesOf.get(item) ?? item) } : {}),
  };
  const { served, between } = built;
  const twice = loaded.flatMap(({ file, table }) =>
    Object.values(options.columns)
      .filter((column) => table.columns.indexOf(column) !== table.columns.lastIndexOf(column))
      .map((column) => ({ file, column })),
  );
  const filesOf = new Map<string, number>();
  for (const person of options.userFromFilename ? loaded.map(({ file }) => personOfFile(file)) : [])
    filesOf.set(person, (filesOf.get(person) ?? 0) + 1);
  const shared = [...filesOf].flatMap(([person, count]) => (count > 1 ? [{ person, files: count }] : []));
  const unread = options.userFromFilename
    ? loaded.find(({ table }) => table.columns.includes(options.columns.user))
    : undefined;
  return {
    data: { ...data, fingerprint: fingerprint(data) },
    rows,
    served,
    numberForm: checked.form,
    ...(between ? { between } : {}),
    ...notesOf({
      account: rows,
      form: checked.form,
      timeFormat,
      merged: sorted.merged,
      users,
      items,
      ties,
      twice,
      shared,
      unread: unread && { file: unread.file, column: options.columns.user },
      untitled,
      swallowed: loaded.flatMap(({ file, swallowed }) => (swallowed ? [{ file, ...swallowed }] : [])),
    }),
  };
}
