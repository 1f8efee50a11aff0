import type { EventAccount } from "@kshot/contract/schemas";
import type { ComparableResults, ResultsOf } from "./results.js";

/**
 * Results without data that could identify a person or a folder of the machine. Ids become `person 1`, `person 2` …, the same for
 * one person in all results; items that people took, that were ranked for them, or that answered their queries are removed. The
 * command line, paths and names of event files are removed too. Ranks, figures and intervals stay; figures by item and by a
 * person's items do not.
 *
 * Files of the same data that are changed one by one give their people the same numbers, so that they can be compared with each
 * other.
 *
 * @param all results in the order in which their people are numbered
 */
export function anonymousResults<Name extends string>(all: readonly ResultsOf<Name>[]): ResultsOf<Name>[] {
  const numbers = new Map<string, string>();
  const nameOf = (user: string): string => {
    const known = numbers.get(user) ?? `person ${numbers.size + 1}`;
    numbers.set(user, known);
    return known;
  };
  return all.map((results): ResultsOf<Name> => {
    const { trainPairs, account, ...data } = results.data;
    const { clicks, swap, ...rest } = results;
    // The hash was of the file with names.
    const { sha256, ...volatile } = results.volatile;
    return {
      ...rest,
      anonymous: true,
      data: { ...data, ...(account === undefined ? {} : { account: withoutFiles(account) }) },
      evaluations: results.evaluations.map((evaluation) => withoutItems(evaluation, nameOf)),
      ...(swap === undefined
        ? {}
        : { swap: swap.map((own) => ({ ...own, people: { ...own.people, user: own.people.user.map(nameOf) } })) }),
      volatile: { ...volatile, command: "", paths: {} },
    };
  });
}

/** The same for results with a name or label. */
export function withoutPeople<One extends { readonly results: ComparableResults }>(all: readonly One[]): One[] {
  const results = anonymousResults(all.map((one) => one.results));
  return all.map((one, i) => ({ ...one, results: results[i] ?? one.results }));
}

type Evaluation = ComparableResults["evaluations"][number];

function withoutItems({ people, moreMetrics, ...own }: Evaluation, nameOf: (user: string) => string): Evaluation {
  return {
    ...own,
    ...(moreMetrics === undefined
      ? {}
      : { moreMetrics: Object.fromEntries(Object.entries(moreMetrics).filter(([, metric]) => !metric.listed)) }),
    people: {
      user: people.user.map(nameOf),
      historyLength: people.historyLength,
      // The answer's item is removed; its rank, and whether the person knew it, stay.
      queries: people.queries.map((queries) => queries.map((query) => ({ ...query, label: 0 }))),
    },
  };
}

/** The account of the rows without file names and row positions. */
function withoutFiles(account: EventAccount): EventAccount {
  const { rows } = account;
  const dropped = Object.entries(rows.dropped).map(([reason, { count }]) => [reason, { count }] as const);
  return {
    ...account,
    rows: {
      ...rows,
      files: rows.files.map(({ read }, i) => ({ file: `file ${i + 1}`, read })),
      dropped: Object.fromEntries(dropped) as EventAccount["rows"]["dropped"],
      peopleWithoutPair: { count: rows.peopleWithoutPair.count },
    },
  };
}
