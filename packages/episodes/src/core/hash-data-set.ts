import type { DataSet } from "@kshot/contract";

/** A running hash. */
export interface Hash {
  update(bytes: Uint8Array): unknown;
}

/**
 * Feeds a data set in memory to a hash: item names; K and Q; then for train, val and test the names of the people, each pair's
 * person, prefix, label, label time and (if known) label order, and each episode's person, support and query rows (train; last
 * and first window).
 *
 * Numbers are hashed as little-endian bytes of their typed arrays, text as JSON. Pair ids, sessions, titles and file
 * encodings are not hashed: the same people with the same pairs have the same fingerprint.
 */
export function hashDataSet(data: Omit<DataSet, "fingerprint">, hash: Hash): void {
  const encoder = new TextEncoder();
  const text = (value: unknown) => hash.update(encoder.encode(`${JSON.stringify(value)}\n`));
  const numbers = (values: Int32Array | Float64Array) =>
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  text(["kshot.data/1", data.k, data.q, data.items]);
  const splits = [
    [data.train.pairs, [data.train.episodes]],
    [data.val.pairs, [data.val.windows.last, data.val.windows.first]],
    [data.test.pairs, [data.test.windows.last, data.test.windows.first]],
  ] as const;
  for (const [pairs, tables] of splits) {
    text([pairs.length, pairs.users]);
    numbers(pairs.user);
    numbers(pairs.prefixOffsets);
    numbers(pairs.prefixItems);
    numbers(pairs.label);
    numbers(pairs.labelTime);
    if (pairs.labelOrder) numbers(pairs.labelOrder);
    for (const episodes of tables) {
      text([episodes.length]);
      numbers(episodes.user);
      numbers(episodes.support);
      numbers(episodes.query);
    }
  }
}
