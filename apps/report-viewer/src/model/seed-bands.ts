import type { NamedResults } from "@kshot/comparison";

/** A curve's points, x ascending. */
export type Points = readonly (readonly [x: number, y: number])[];

export interface SeedCurve {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly low?: readonly number[];
  readonly high?: readonly number[];
}

/** The mean over seeds at the points that all logged seeds have, with a band from the lowest to the highest. */
export function overSeeds(files: readonly NamedResults[], of: (results: NamedResults["results"]) => Points): SeedCurve {
  const lists = files.map(({ results }) => of(results)).filter((list) => list.length > 0);
  const [first = []] = lists;
  const byX = lists.map((list) => new Map(list));
  const shared = first.map(([x]) => x).filter((x) => byX.every((own) => own.has(x)));
  if (lists.length < 2 || shared.length < 2) return { x: first.map(([x]) => x), y: first.map(([, y]) => y) };
  const values = shared.map((x) => byX.flatMap((own) => own.get(x) ?? []));
  return {
    x: shared,
    y: values.map((own) => own.reduce((sum, value) => sum + value, 0) / own.length),
    low: values.map((own) => Math.min(...own)),
    high: values.map((own) => Math.max(...own)),
  };
}
