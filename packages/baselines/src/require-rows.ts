import { dataError } from "@kshot/contract";
import type { CountModelTensors } from "./count-models/count-model.js";

/** Tensors with one entry per position that `offsets` divides into rows. */
const entries = ["labels", "counts", "items", "similarities", "followers", "weights", "information"];
/** Those whose entries are items. */
const itemEntries = ["labels", "items", "followers"];

/**
 * Checks the rows of a stored method: `offsets` from 0, never falling, up to the number of entries, and items of the vocabulary.
 *
 * @param where names the method in errors
 * @throws `DATA`; a damaged offset would be a loop of billions of entries
 */
export function requireRows(tensors: CountModelTensors, nItems: number, where: string): void {
  const { offsets } = tensors;
  if (offsets === undefined) return;
  const broken = offsets.findIndex(
    (offset, i) => !(offset >= (i === 0 ? 0 : offsets[i - 1]!)) || (i === 0 && offset > 0),
  );
  if (broken >= 0) {
    throw dataError({
      where: `${where}, tensor offsets, entry ${broken}`,
      found: `${offsets[broken]}`,
      expected: broken === 0 ? "0" : `at least ${offsets[broken - 1]}, the entry before it`,
    });
  }
  const end = offsets.at(-1);
  for (const name of entries) {
    const values = tensors[name];
    if (values === undefined || values.length === end) continue;
    throw dataError({ where: `${where}, tensor ${name}`, found: `${values.length} entries`, expected: `${end ?? 0}` });
  }
  for (const name of itemEntries) {
    const at = tensors[name]?.findIndex((item) => !(item >= 0 && item < nItems)) ?? -1;
    if (at < 0) continue;
    throw dataError({
      where: `${where}, tensor ${name}, entry ${at}`,
      found: `item ${tensors[name]?.[at]}`,
      expected: `0 to ${nItems - 1}`,
    });
  }
}
