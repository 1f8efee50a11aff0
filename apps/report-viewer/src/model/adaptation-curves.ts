import {
  evaluationsAt,
  fewShotOf,
  type Method,
  meanIntervals,
  type NamedResults,
  type Place,
  seedOf,
  zeroShotOf,
} from "@kshot/comparison";
import type { MeasuredName } from "@kshot/contract";
import type { Evaluation } from "@kshot/contract/schemas";

/** A metric by inner steps or by support pairs, with intervals over people. */
export interface AdaptationCurve {
  readonly title: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/**
 * The metric by steps (at all K pairs) or by pairs (at the method's own steps): the mean over seeds where all were evaluated, and
 * a separate curve for a seed that was evaluated at more points than the others.
 */
export function curvesOf(method: Method, by: "steps" | "k", place: Place, metric: MeasuredName): AdaptationCurve[] {
  const bySeed = method.files.map((file) => pointsOf(file, by, place));
  const shared = [...(bySeed[0]?.keys() ?? [])].filter((x) => bySeed.every((points) => points.has(x)));
  const nItems = method.files[0].results.data.items.length;
  const curve = (title: string, xs: readonly number[], seeds: typeof bySeed): AdaptationCurve => {
    const x = [...xs].sort((a, b) => a - b);
    const points = x.map((at) => seeds.flatMap((own) => own.get(at) ?? []));
    const intervals = meanIntervals(points, metric, nItems, place);
    return {
      title,
      x,
      y: intervals.map(({ value }) => value),
      low: intervals.map(({ low }) => low),
      high: intervals.map(({ high }) => high),
    };
  };
  const further = method.files.flatMap((file, i) => {
    const points = bySeed[i] ?? new Map<number, Evaluation>();
    return points.size > shared.length
      ? [curve(`${method.title}, seed ${seedOf(file.results)}`, [...points.keys()], [points])]
      : [];
  });
  return shared.length === 0 ? further : [curve(method.title, shared, bySeed), ...further];
}

/** Evaluations along one way, each x once. */
function pointsOf({ results }: NamedResults, by: "steps" | "k", place: Place): Map<number, Evaluation> {
  const few = fewShotOf(results, place);
  const own = evaluationsAt(results, place).filter((entry) =>
    by === "steps" ? entry.k === results.k : entry.steps === few?.steps || entry.k === 0,
  );
  const points = new Map<number, Evaluation>();
  for (const entry of own) if (!points.has(entry[by])) points.set(entry[by], entry);
  // Zero-shot reads no pairs, so it is the first point of a curve over pairs.
  const zero = by === "k" && points.size > 1 && !points.has(0) ? zeroShotOf(results, place) : undefined;
  if (zero !== undefined && zero !== few) points.set(0, zero);
  return points;
}
