import type { PairTable } from "@kshot/contract";

/** Pairs as readable text, `user: prefix → label @ time`, for comparison by eye and by test. */
export function rowsOf(pairs: PairTable, items?: readonly string[]): string[] {
  const name = (item: number) => items?.[item] ?? String(item);
  return Array.from(pairs.label, (label, row) => {
    const prefix = pairs.prefixItems.subarray(pairs.prefixOffsets[row]!, pairs.prefixOffsets[row + 1]!);
    return `${pairs.users[pairs.user[row]!]}: ${Array.from(prefix, name).join(" ")} → ${name(label)} @ ${pairs.labelTime[row]}`;
  });
}
