import { existsSync } from "node:fs";
import type { PersonHistory } from "@kshot/episodes";
import { type HistoryOptions, type RankOptions, ratesBeside } from "@kshot/recommend";
import { Journal, sha256File, sha256Json } from "@kshot/store";
import type { ListBatch } from "./list-file.js";

/** Lists of a group of people. */
export interface ComputedLists {
  readonly lists: ListBatch;
  /** Events of items that the model does not know. */
  readonly ignored: number;
  /** People for whom the model took no step. */
  readonly unfitted: number;
}

/** Lists that a stopped call has finished, `<out>.unfinished`, in the order of the people. */
export interface FinishedPeople {
  readonly path: string;
  /** The lists of the next group, if an earlier call has finished the same people with the same histories. */
  listsOf(group: readonly PersonHistory[]): Promise<ComputedLists | undefined>;
  /** Keeps the lists of the group that was asked for last. */
  add(computed: ComputedLists): Promise<void>;
  /** Closes the file and keeps it. */
  close(): Promise<void>;
  /** Removes the file: `out` is complete. */
  remove(): Promise<void>;
}

/**
 * Opens the finished people of an output. They belong to one model, ranking and engine: those of another are replaced. Each group is
 * kept under the hash of its histories, so a group whose events have changed is computed again, and all groups after it.
 *
 * @param keep as in `recommendPeople`
 * @throws `DATA` for a model that cannot be read; as `Journal.open`
 */
export async function finishedPeople(
  out: string,
  { unknown = "refuse", ...ranking }: HistoryOptions & RankOptions,
  { model, computed }: { readonly model: string; readonly computed: unknown },
): Promise<FinishedPeople> {
  const rates = String(ratesBeside(model));
  const hashes = [];
  for (const file of [model, ...(existsSync(rates) ? [rates] : [])]) hashes.push((await sha256File(file)).sha256);
  const path = `${out}.unfinished`;
  const journal = await Journal.open(path, sha256Json({ hashes, ranking, computed }));
  let key = "";
  return {
    path,
    listsOf: (group) => {
      key = sha256Json(group);
      return journal.read((text) => {
        const { key: own, ...kept } = JSON.parse(text) as ComputedLists & { readonly key: string };
        // Lists without unknown items are the same with --unknown refuse and skip.
        return own === key && (unknown === "skip" || kept.ignored === 0) ? kept : undefined;
      });
    },
    add: (kept) => journal.append(JSON.stringify({ key, ...kept })),
    close: () => journal.close(),
    remove: () => journal.remove(),
  };
}
