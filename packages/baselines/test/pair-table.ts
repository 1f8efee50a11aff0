import type { PairTable } from "@kshot/contract";

/** All pairs of sessions; two sessions in a row belong to one person. */
export function pairTable(sessions: readonly (readonly number[])[]): PairTable {
  const pairs = sessions.flatMap((session, s) =>
    session.slice(1).map((label, i) => ({ prefix: session.slice(0, i + 1), label, session: s, time: 100 * s + i })),
  );
  const offsets = [0];
  for (const { prefix } of pairs) offsets.push((offsets.at(-1) as number) + prefix.length);
  return {
    length: pairs.length,
    pairId: Int32Array.from(pairs.keys()),
    users: sessions.map((_, s) => `person ${s}`),
    user: Int32Array.from(pairs, (pair) => pair.session >> 1),
    sessions: sessions.map((_, s) => `session ${s}`),
    session: Int32Array.from(pairs, (pair) => pair.session),
    prefixOffsets: Int32Array.from(offsets),
    prefixItems: Int32Array.from(pairs.flatMap(({ prefix }) => prefix)),
    label: Int32Array.from(pairs, ({ label }) => label),
    labelTime: Float64Array.from(pairs, ({ time }) => time),
  };
}
