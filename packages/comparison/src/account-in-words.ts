import { servedShares } from "@kshot/contract";
import type { EventAccount, RowAccount } from "@kshot/contract/schemas";
import { percent, whole } from "./words.js";

/** Reasons in words, in the order of `dropped`. */
const reasons: readonly (readonly [reason: keyof RowAccount["dropped"], text: string])[] = [
  ["noUser", "without a person"],
  ["noItem", "without an item"],
  ["noTime", "without a readable time"],
  ["badRow", "not readable"],
  ["filtered", "filtered out"],
  ["repeat", "repeats of the item before"],
  ["tiedTime", "with the same time as the previous event"],
  ["sessionOfOne", "alone in their session"],
];

/** Number of files that are listed one by one. */
const listedFiles = 5;

/**
 * The account of a data folder's rows in words, for `prepare`, `inspect` and the report page.
 *
 * @param people - people with a pair, of all splits.
 * @returns labels and sentences.
 */
export function accountInWords(
  {
    rows,
    served,
    splitTime,
  }: {
    readonly rows: EventAccount["rows"];
    readonly served?: EventAccount["served"] | undefined;
    readonly splitTime?: EventAccount["splitTime"] | undefined;
  },
  people: number,
): [label: string, text: string][] {
  const lines: [string, string][] = [];
  const files = rows.files.slice(0, listedFiles).map(({ file, read }) => `${file} ${whole(read)}`);
  const more = rows.files.length > listedFiles ? `, and ${whole(rows.files.length - listedFiles)} more files` : "";
  lines.push(["Rows read", `${whole(rows.read)} (${files.join(", ")}${more})`]);
  const dropped = reasons.flatMap(([reason, text]) => {
    const { count, first } = rows.dropped[reason];
    return count === 0 ? [] : [`${whole(count)} ${text}${placed(first)}`];
  });
  const all = Object.values(rows.dropped).reduce((sum, { count }) => sum + count, 0);
  lines.push(["Rows without a pair", all === 0 ? "none" : `${whole(all)}: ${dropped.join("; ")}`]);
  lines.push(["Rows that begin a session", whole(rows.sessionStarts)]);
  if (splitTime) {
    const [val, test] = splitTime.moments.map((seconds) => new Date(seconds * 1000).toISOString());
    lines.push([
      "Split by time",
      `validation begins at ${val}, test at ${test}; ${whole(splitTime.events)} events of ${whole(splitTime.people)} people fall between the splits, after the end of their people's split, and are filtered out`,
    ]);
  }
  const { kept, possible } = rows.pairs;
  lines.push([
    "Pairs",
    `${whole(kept)} of ${whole(possible)} possible${possible === 0 ? "" : ` (${percent(kept / possible)})`}`,
  ]);
  const { count, first } = rows.peopleWithoutPair;
  if (count > 0) lines.push(["People without a pair", `${whole(count)}${placed(first)}`]);
  for (const [at, entry] of (served ?? []).entries()) {
    lines.push([
      `K = ${entry.k}, Q = ${entry.q}`,
      `${at === 0 ? "serves" : "would serve"} ${whole(entry.people)} of ${whole(people)} people (${percent(entry.people / people)})`,
    ]);
  }
  const most = Math.max(0, ...(served ?? []).map((entry) => entry.people));
  const missed = servedShares.filter((share) => served !== undefined && most < share * people - 1e-9).map(percent);
  if (missed.length > 0)
    lines.push(["Not possible", `no K and Q serve ${missed.join(" or ")} of the people: the others have one pair`]);
  return lines;
}

function placed(first: { file: string; row: number } | undefined): string {
  return first === undefined ? "" : ` (first: ${first.file}, row ${whole(first.row)})`;
}
