import { accountLines, type PreparedFolder } from "@kshot/experiment";

/** What `prepare` prints: counts, the account of the rows, notes and warnings. */
export function preparedText({ summary, notes, warnings }: PreparedFolder): string {
  const splits = (["train", "val", "test"] as const).map((split) => {
    const { users, pairs, episodes, episodeUsers } = summary[split];
    const first = split === "train" ? "" : `, ${summary.firstWindow[split]} in the first window`;
    return `${split.padEnd(6)} ${users} people, ${pairs} pairs, ${episodes} episodes of ${episodeUsers} people${first}`;
  });
  const account = accountLines(summary).map(([label, text]) => `${label}: ${text}`);
  return [
    `${summary.items} items, ${summary.users} users with a pair, ${summary.pairs} pairs`,
    ...splits,
    ...account,
    ...notes,
    ...warnings.map((text) => `Warning: ${text}`),
    "",
  ].join("\n");
}
