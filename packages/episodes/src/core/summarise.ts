import type { DataSet, EpisodeTable, PairTable } from "@kshot/contract";
import type { RowAccount, Summary } from "@kshot/contract/schemas";
import type { Served } from "./served-people.js";
import type { BetweenSplits } from "./split-by-time.js";

/** The account of a data set's events. */
export interface EventAccount {
  readonly rows: RowAccount;
  readonly served: readonly Served[];
  readonly between?: BetweenSplits | undefined;
}

/** `summary.json`: counts of a data set, the account of its events, its fingerprint, and its options. */
export function summarise(data: DataSet, options: Record<string, unknown>, account?: EventAccount): Summary {
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
    ...(account ? { rows: account.rows, served: [...account.served] } : {}),
    ...(account?.between
      ? { splitTime: { ...account.between, moments: [account.between.moments[0], account.between.moments[1]] } }
      : {}),
    fingerprint: data.fingerprint,
    options,
  };
}
