import { percent, whole } from "@kshot/contract";
import type { RowAccount } from "@kshot/contract/schemas";
import { isNullName } from "./null-names.js";
import type { SwallowedRows } from "./readers/swallowed-rows.js";
import { formInWords, type NumberForm, readsYear } from "./time-column.js";

/** Largest share of the possible pairs lost to tied times without a warning. */
const tiedShare = 0.05;

/** Notes and warnings about how the events were read, each one or two sentences. */
export function notesOf({
  account,
  form,
  timeFormat,
  merged,
  users,
  items,
  ties,
  twice,
  shared,
  unread,
  untitled,
  swallowed,
}: {
  account: RowAccount;
  form: NumberForm | null;
  timeFormat: string | undefined;
  merged: { readonly users: number; readonly items: number };
  users: readonly string[];
  items: readonly string[];
  ties: "drop" | "keep";
  /** Columns that are read and whose name a file's header holds more than once. */
  twice: readonly { readonly file: string; readonly column: string }[];
  /** People of whom several files are named. */
  shared: readonly { readonly person: string; readonly files: number }[];
  /** A file with a column of people although its name is the person. */
  unread: { readonly file: string; readonly column: string } | undefined;
  /** A file of titles that has none of the items. */
  untitled: { readonly file: string; readonly id: string } | undefined;
  /** Lines between quotes that look like rows. */
  swallowed: readonly (SwallowedRows & { readonly file: string })[];
}): { notes: string[]; warnings: string[] } {
  const notes: string[] = [];
  const warnings: string[] = [];
  if (form !== null && form !== "s") notes.push(`Numbers in the time column are read as ${formInWords[form]}.`);
  for (const [count, what] of [
    [merged.users, "people"],
    [merged.items, "items"],
  ] as const) {
    if (count > 0)
      notes.push(
        `${whole(count)} names of ${what} were merged with another that is written with other code points (Unicode NFC) or with blanks around it.`,
      );
  }
  if (timeFormat !== undefined && !readsYear(timeFormat))
    warnings.push(`--time-format ${timeFormat} reads no year, so that all times are in 1900.`);
  for (const [names, what] of [
    [users, "person"],
    [items, "item"],
  ] as const) {
    const found = names.filter(isNullName);
    if (found.length > 0) {
      warnings.push(
        `${found.map((name) => `"${name}"`).join(", ")} ${found.length === 1 ? `is the name of ${what === "item" ? "an" : "a"} ${what}` : `are names of ${what === "item" ? "items" : "people"}`}; if it means a missing value, add --null ${found.join(",")}.`,
      );
    }
  }
  for (const [names, what] of [
    [users, "people"],
    [items, "items"],
  ] as const) {
    const known = new Set(names);
    const doubled = names.filter((name) => /^\d+\.0$/.test(name) && known.has(name.slice(0, -2)));
    const [first] = doubled;
    if (first !== undefined) {
      warnings.push(
        `"${first.slice(0, -2)}" and "${first}" are two ${what}, as are ${whole(doubled.length)} such pairs of names in all; if they are the same, write numbers without .0.`,
      );
    }
  }
  for (const { file, column } of twice) {
    warnings.push(`${file} has more than one column "${column}"; the first of them is read.`);
  }
  const [one] = shared;
  if (one) {
    warnings.push(
      `${whole(one.files)} files are called "${one.person}", and all their events are that person's${shared.length > 1 ? `; so it is with ${whole(shared.length)} names` : ""}. If they are of several people, give each file a different name, or name the person in a column.`,
    );
  }
  if (unread) {
    warnings.push(
      `${unread.file} has a column "${unread.column}", which is not read: with --user-from-filename all events of a file are one person's.`,
    );
  }
  if (untitled) {
    warnings.push(
      `No item is in column ${untitled.id} of ${untitled.file}, so that none has a title. Names must be written in the same way, as 12 and not 12.0.`,
    );
  }
  for (const { file, row, line, lines } of swallowed) {
    warnings.push(
      `${file}, row ${whole(row)}, line ${whole(line)}: a quote opens and closes in a later row. ${whole(lines)} ${lines === 1 ? "line that looks like a row is" : "lines that look like rows are"} part of a field and not counted as ${lines === 1 ? "a row" : "rows"}. If quotes are part of the text, add --no-quotes.`,
    );
  }
  const lost = account.pairs.possible - account.pairs.kept;
  if (ties === "drop" && lost > tiedShare * account.pairs.possible) {
    warnings.push(
      `${whole(lost)} of ${whole(account.pairs.possible)} possible pairs (${percent(lost / account.pairs.possible)}) are lost because their event has the same time as the previous event. Add --ties keep if the order of the rows is right, or --ties keep --order COLUMN, or give more precise times.`,
    );
  }
  return { notes, warnings };
}
