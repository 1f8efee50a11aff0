import type { ComparableResults } from "@kshot/comparison";

/**
 * Results without what could identify a person: names become numbers, the same for one person in all results, and the items that
 * people took, that were ranked for them, or that answered their queries are left out. Ranks, figures and intervals stay; figures by
 * item and by person's items do not.
 *
 * @param all - results of the page, in the order of the page.
 */
export function anonymous(all: readonly ComparableResults[]): ComparableResults[] {
  const numbers = new Map<string, string>();
  const nameOf = (user: string): string => {
    const known = numbers.get(user) ?? `person ${numbers.size + 1}`;
    numbers.set(user, known);
    return known;
  };
  return all.map((results) => {
    const { trainPairs: _, ...data } = results.data;
    const { clicks: __, swap, ...rest } = results;
    return {
      ...rest,
      data,
      evaluations: results.evaluations.map(({ people, moreMetrics, ...own }) => ({
        ...own,
        ...(moreMetrics === undefined
          ? {}
          : { moreMetrics: Object.fromEntries(Object.entries(moreMetrics).filter(([, metric]) => !metric.listed)) }),
        people: {
          user: people.user.map(nameOf),
          historyLength: people.historyLength,
          // Which item was the answer is left out; whether the person knew it and its rank stay.
          queries: people.queries.map((queries) => queries.map((query) => ({ ...query, label: 0 }))),
        },
      })),
      ...(swap === undefined
        ? {}
        : { swap: swap.map((own) => ({ ...own, people: { ...own.people, user: own.people.user.map(nameOf) } })) }),
    };
  });
}
