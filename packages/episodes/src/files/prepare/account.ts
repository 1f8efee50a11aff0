import type { RowAccount } from "@kshot/contract/schemas";
import type { BuiltDataSet } from "../../core/build-data-set.js";
import { type DropReason, dropReasons, type Tally } from "../../core/dropped-rows.js";
import type { CheckedRows } from "./bad-rows.js";
import { shortNames } from "./list-inputs.js";
import { type LoadedFile, placeOfRow } from "./load-events.js";

/** The account of every row that was read: `rows` of `summary.json`. */
export function accountOfRows(
  loaded: readonly LoadedFile[],
  checked: CheckedRows,
  built: Pick<BuiltDataSet, "dropped" | "pairs">,
): RowAccount {
  const names = shortNames(loaded.map(({ file }) => file));
  const nameOf = new Map(loaded.map((file, i) => [file, names[i] ?? file.file]));
  const place = (event: number) => {
    const { file, row } = placeOfRow(loaded, event);
    return { file: nameOf.get(file) ?? file.file, row };
  };
  const tallied = ({ count, first }: Tally) => (count === 0 ? { count } : { count, first: place(first) });
  const dropped = Object.fromEntries(
    dropReasons.map((reason: DropReason) => {
      const early = checked.dropped[reason] ?? { count: 0, first: -1 };
      const late = built.dropped[reason];
      const firsts = [early, late].filter(({ count }) => count > 0).map(({ first }) => first);
      return [reason, tallied({ count: early.count + late.count, first: Math.min(...firsts) })];
    }),
  ) as RowAccount["dropped"];
  const unread = loaded.flatMap((file) =>
    file.rejected.map(({ row }) => ({ file: nameOf.get(file) ?? file.file, row })),
  );
  const bad = [...unread, ...(dropped.badRow.first ? [dropped.badRow.first] : [])].sort(
    (a, b) => names.indexOf(a.file) - names.indexOf(b.file) || a.row - b.row,
  );
  const [firstBad] = bad;
  if (firstBad) dropped.badRow = { count: dropped.badRow.count + unread.length, first: firstBad };
  const files = loaded.map((file) => ({ file: nameOf.get(file) ?? file.file, read: file.rows + file.rejected.length }));
  return {
    read: files.reduce((sum, { read }) => sum + read, 0),
    files,
    pairs: { kept: built.pairs.kept, possible: built.pairs.possible },
    sessionStarts: built.pairs.sessionStarts,
    dropped,
    peopleWithoutPair: tallied(built.pairs.withoutPair),
  };
}
