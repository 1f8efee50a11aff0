import type { Pairs } from "@kshot/contract";

/**
 * What a person's clicks teach and what they ask: the last `k` (prefix → next) pairs of their sessions, and the session that is
 * open now. Sessions are oldest first, items in a session too; as in `prepare` a pair never reaches over a session's end, and an item
 * repeated at once counts once.
 */
export function supportOfHistory(
  sessions: readonly (readonly number[])[],
  k: number,
): { readonly support: Pairs; readonly query: readonly number[] } {
  const told = sessions.map((session) => session.filter((item, i) => i === 0 || item !== session[i - 1]));
  const pairs = told.flatMap((session) =>
    session.slice(1).map((label, i) => ({ sequence: session.slice(0, i + 1), label })),
  );
  const kept = pairs.slice(Math.max(0, pairs.length - k));
  return {
    support: { sequences: kept.map(({ sequence }) => sequence), labels: kept.map(({ label }) => label) },
    query: told.at(-1) ?? [],
  };
}
