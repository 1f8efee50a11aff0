import type { DataSet, EpisodeTable, PairTable } from "@kshot/contract";
import type { Summary } from "@kshot/contract/schemas";

/** `summary.json`: counts of a data set, its fingerprint, and the options that made it. */
export function summarise(data: DataSet, options: Record<string, unknown>): Summary {
  const counts = (pairs: PairTable, episodes: EpisodeTable) => ({
    users: pairs.users.length,
    pairs: pairs.length,
    episodes: episodes.length,
    episodeUsers: new Set(episodes.user).size,
  });
  const { train, val, test } = data;
  return {
    items: data.items.length,
    users: train.pairs.users.length + val.pairs.users.length + test.pairs.users.length,
    pairs: train.pairs.length + val.pairs.length + test.pairs.length,
    train: counts(train.pairs, train.episodes),
    val: counts(val.pairs, val.windows.last),
    test: counts(test.pairs, test.windows.last),
    firstWindow: { val: val.windows.first.length, test: test.windows.first.length },
    fingerprint: data.fingerprint,
    options,
  };
}
