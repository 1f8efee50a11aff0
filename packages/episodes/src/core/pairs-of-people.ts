import type { PairTable } from "@kshot/contract";

/**
 * The pairs of some people, as a separate table. People, sessions and rows keep their order; `pairId` keeps the numbers of the
 * whole table.
 *
 * @param people - indices into `pairs.users`
 */
export function pairsOfPeople(pairs: PairTable, people: ReadonlySet<number>): PairTable {
  const rows = Int32Array.from({ length: pairs.length }, (_, row) => row).filter((row) => people.has(pairs.user[row]!));
  const users = inOrderOfUse(pairs.users, pairs.user, rows);
  const sessions = inOrderOfUse(pairs.sessions, pairs.session, rows);
  const prefixOffsets = new Int32Array(rows.length + 1);
  for (const [i, row] of rows.entries()) {
    prefixOffsets[i + 1] = prefixOffsets[i]! + pairs.prefixOffsets[row + 1]! - pairs.prefixOffsets[row]!;
  }
  const prefixItems = new Int32Array(prefixOffsets[rows.length]!);
  for (const [i, row] of rows.entries()) {
    prefixItems.set(
      pairs.prefixItems.subarray(pairs.prefixOffsets[row]!, pairs.prefixOffsets[row + 1]!),
      prefixOffsets[i]!,
    );
  }
  const { labelOrder } = pairs;
  return {
    length: rows.length,
    pairId: rows.map((row) => pairs.pairId[row]!),
    users: users.names,
    user: users.numbers,
    sessions: sessions.names,
    session: sessions.numbers,
    prefixOffsets,
    prefixItems,
    label: rows.map((row) => pairs.label[row]!),
    labelTime: Float64Array.from(rows, (row) => pairs.labelTime[row]!),
    ...(labelOrder === undefined ? {} : { labelOrder: rows.map((row) => labelOrder[row]!) }),
  };
}

/** The names that some rows use, in order of first appearance, and each row's number among them. */
function inOrderOfUse(names: readonly string[], column: Int32Array, rows: Int32Array) {
  const numberOf = new Map<number, number>();
  const numbers = rows.map((row) => {
    const old = column[row]!;
    const known = numberOf.get(old);
    if (known !== undefined) return known;
    numberOf.set(old, numberOf.size);
    return numberOf.size - 1;
  });
  return { names: [...numberOf.keys()].map((old) => names[old]!), numbers };
}
