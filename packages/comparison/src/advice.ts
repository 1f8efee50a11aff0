import type { MeasuredName } from "@kshot/contract";
import { ceilingFact, learnedRatesFact, useSentence } from "./advice-facts.js";
import { isAdapting, isBound } from "./algorithms.js";
import { compareWindow, evaluationsOf } from "./compare-window.js";
import { fewShotOf, innerStepsOf, usesSupport } from "./evaluations.js";
import { type GainOfGroup, gainsAt } from "./gains.js";
import type { Method } from "./methods.js";
import { hasRates, tensorRates } from "./rates.js";
import type { Place } from "./results.js";
import { type CountedDifference, sideOf } from "./side-of.js";
import {
  figure,
  intervalInPoints,
  listed,
  openingsInWords,
  points,
  splitTitles,
  titleOfMetric,
  whole,
} from "./words.js";

/** No verdict is given for fewer people: intervals are too short then (docs/intervals.md). */
export const fewestForVerdict = 20;

/** Whether to adapt, and which method to use, in sentences without technical terms. */
export interface Advice {
  readonly verdict: "yes" | "no" | "only" | "unclear" | "none";
  /** `Adapt? Only for revisits.` */
  readonly headline: string;
  /** The gains in points, or the reason why there is no verdict. */
  readonly reason: string;
  /** Which method to use; null for too few people or several data sets. */
  readonly use: string | null;
  /** The method with the highest figure, and the methods that do not differ clearly from it. */
  readonly winner: string | null;
  /** The gain of the learned rates, and the share of a known ceiling; empty if unknown. */
  readonly facts: readonly string[];
  /** The number of methods and comparisons behind the verdict, and how often the test people were evaluated. */
  readonly behind: string;
  /** All queries first, then the groups that have queries; empty without a method that adapts. */
  readonly gains: readonly GainOfGroup[];
}

/**
 * Answers "Should I adapt, and for whom?" from the paired difference of a method's few-shot and its own zero-shot, for all
 * queries, for revisits and for new items. A gain is clear if its 95 % interval over people excludes 0 and six people
 * or more differ (`sideOf`). The method is Meta-SGD,
 * otherwise the adapting method with the highest few-shot figure, otherwise one that reads the support pairs.
 *
 * If a method that does not read the pairs has the highest figure and is clearly better than the judged one, adapting is not advised: a gain that
 * does not reach the other method's figure is of no use.
 *
 * There is no verdict below 20 people, for data of different fingerprints, if no method adapts, and if all inner rates are 0.
 *
 * @param methods - those evaluated at the place.
 * @param asked - the method to judge; if omitted, chosen as above.
 * @returns null if no method is evaluated at the place.
 */
export function adviceOf(
  methods: readonly Method[],
  place: Place,
  metric: MeasuredName,
  asked?: Method,
): Advice | null {
  const own = methods.filter((method) => evaluationsOf(method, place, fewShotOf) !== null);
  const [any] = own;
  if (any === undefined) return null;
  const people = fewShotOf(any.files[0].results, place)?.people.user.length ?? 0;
  const prints = new Set(own.flatMap(({ files }) => files.map(({ results }) => results.data.fingerprint)));
  const contest = prints.size === 1 && people > 1 ? winnerOf(own, place, metric) : null;
  const openings = Math.max(...own.flatMap(({ files }) => files.map(({ results }) => results.test.opened)));
  const base = {
    use: people < fewestForVerdict ? null : (contest?.use ?? null),
    winner: contest?.sentence ?? null,
    facts: [],
    behind: behind(own, place, { people, openings, comparable: prints.size === 1 }),
  };
  const none = (reason: string): Advice => ({
    ...base,
    ...{ verdict: "none", headline: "Adapt? No verdict.", reason, gains: [] },
  });
  if (prints.size > 1)
    return none(
      `The results are of ${prints.size} different data sets, and people of different data sets cannot be compared.`,
    );
  if (people < fewestForVerdict) {
    return none(`${countOf(people)}; a verdict needs at least ${fewestForVerdict} people.`);
  }
  const subject = adaptingSubject(asked === undefined ? (contest?.order ?? own) : [asked], place);
  if (subject === undefined) {
    return none(
      asked === undefined
        ? "No open result adapts to a person's support pairs."
        : `The support pairs do not change what ${asked.title} recommends.`,
    );
  }
  if (keptNoAdaptation(subject)) {
    return none(`${subject.title} does not adapt: it takes no inner step, or all its inner rates are 0.`);
  }
  const gains = gainsAt([subject], place, metric)[0]?.groups ?? [];
  const [all, ...groups] = gains;
  if (all === undefined) return none(`${subject.title} has no evaluation without the support pairs to compare with.`);
  const helped = groups.filter(({ gain }) => sideOf(gain) === "above").map(({ name }) => name);
  const hurt = groups.filter(({ gain }) => sideOf(gain) === "below").map(({ name }) => name);
  const found = decide(all.gain, helped, hurt);
  const better = betterWithoutPairs(contest, subject, place);
  const isYes = found.verdict === "yes" || found.verdict === "only";
  const title = titleOfMetric(metric);
  return {
    ...base,
    ...found,
    ...(better !== undefined && isYes
      ? { verdict: "no", headline: `Adapt? No: ${better.title} is clearly better without it.` }
      : {}),
    facts: [learnedRatesFact(contest?.order ?? [], place, metric), ceilingFact(own, subject, place, metric)].flatMap(
      (fact) => fact ?? [],
    ),
    reason: `Adapting to the support pairs changes ${title} of ${subject.title} by ${gains
      .map(({ name, gain }) => `${points(gain.value)} points on ${name} (${intervalInPoints(gain)})`)
      .join(", ")}. One point is 0.01 of ${title}.`,
    gains,
  };
}

/**
 * The method that the advice names in the place of `hybrid`: the one with the highest figure, if `hybrid` is clearly below it or is not
 * in the comparison.
 *
 * @returns null if the advice names `hybrid` or no method, if `hybrid` does not differ clearly from the named one, and if that one adapts
 */
export function advisedInsteadOfHybrid(methods: readonly Method[], place: Place, metric: MeasuredName): Method | null {
  const { use = null } = adviceOf(methods, place, metric) ?? {};
  if (use === null) return null;
  const own = methods.filter((method) => evaluationsOf(method, place, fewShotOf) !== null);
  const { order: [first] = [], order = [], below = [] } = winnerOf(own, place, metric) ?? {};
  const isHybrid = ({ algorithm }: Method) => algorithm === "hybrid";
  const staysHybrid = order.some(isHybrid) && !below.some(isHybrid);
  if (first === undefined || order.length === 1 || staysHybrid) return null;
  return isAdapting(first.algorithm) ? null : first;
}

/** The method with the highest figure if it does not use the pairs and is clearly better than the judged one. */
function betterWithoutPairs(contest: ReturnType<typeof winnerOf>, subject: Method, place: Place): Method | undefined {
  const [winner] = contest?.order ?? [];
  if (contest === null || winner === undefined || winner === subject) return undefined;
  const isClear = contest.below.includes(subject);
  const usesPairs = isAdapting(winner.algorithm) || winner.files.some(({ results }) => usesSupport(results, place));
  return isClear && !usesPairs ? winner : undefined;
}

function countOf(people: number): string {
  if (people === 0) return "No person was evaluated";
  return people === 1 ? "There is only one person" : `There are only ${whole(people)} people`;
}

/** The advice as lines of text. */
export function adviceLines({ headline, reason, use, winner, facts, behind }: Advice): string[] {
  return [`${headline} ${reason}`, ...[use, winner].flatMap((line) => line ?? []), ...facts, behind];
}

function decide(
  all: CountedDifference,
  helped: readonly string[],
  hurt: readonly string[],
): Pick<Advice, "verdict" | "headline"> {
  const only = { verdict: "only", headline: `Adapt? Only for ${helped.join(" and ")}.` } as const;
  const no = { verdict: "no", headline: `Adapt? No${hurt.length === 1 ? `: it hurts ${hurt.join()}` : ""}.` } as const;
  if (hurt.length > 0) return helped.length > 0 ? only : no;
  if (sideOf(all) === "above") return { verdict: "yes", headline: "Adapt? Yes." };
  if (helped.length > 0) return only;
  if (sideOf(all) === "below") return no;
  return { verdict: "unclear", headline: "Adapt? No clear gain." };
}

/** Meta-SGD, otherwise the adapting method with the highest figure, otherwise one that reads the support pairs. */
function adaptingSubject(order: readonly Method[], place: Place): Method | undefined {
  const uses = order.filter(
    ({ algorithm, files }) =>
      !isBound(algorithm) && (isAdapting(algorithm) || files.some(({ results }) => usesSupport(results, place))),
  );
  return (
    uses.find(({ algorithm }) => algorithm === "meta-sgd") ??
    uses.find(({ algorithm }) => isAdapting(algorithm)) ??
    uses[0]
  );
}

/** Whether a method that adapts by gradient steps ends at its start. */
function keptNoAdaptation({ algorithm, files }: Method): boolean {
  return (
    isAdapting(algorithm) &&
    files.every(
      ({ results }) =>
        innerStepsOf(results) === 0 ||
        (hasRates(results) && Object.values(tensorRates(results)).every(({ min, max }) => min === 0 && max === 0)),
    )
  );
}

/** The highest figure among methods that are not bounds, and the methods whose difference to it includes 0. */
function winnerOf<Name extends MeasuredName>(
  methods: readonly Method[],
  place: Place,
  metric: Name,
): {
  readonly sentence: string;
  readonly use: string;
  readonly order: readonly Method[];
  /** Methods that do not differ clearly from the first one, and methods that are clearly below it; one that cannot be paired is neither. */
  readonly alike: readonly Method[];
  readonly below: readonly Method[];
} | null {
  const contenders = methods.filter(({ algorithm }) => !isBound(algorithm));
  const options = { metrics: [metric], metric, grouped: [], tested: false };
  const figures = compareWindow(contenders, undefined, place, options);
  const byFigure = [...(figures?.methods ?? [])].sort((a, b) => b.fewShot[metric].value - a.fewShot[metric].value);
  const order = byFigure.flatMap(({ name }) => contenders.find(({ title }) => title === name) ?? []);
  const [winner] = order;
  const [best] = byFigure;
  if (winner === undefined || best === undefined) return null;
  const lead = `${best.name} with ${figure(best.fewShot[metric].value)} ${titleOfMetric(metric)}`;
  if (order.length === 1)
    return { sentence: `The only method is ${lead}.`, use: useSentence(winner, []), order, alike: [], below: [] };
  const paired = compareWindow(contenders, winner, place, options);
  const others = (paired?.methods ?? []).filter(({ name }) => name !== best.name);
  const named = (isBelow: boolean) =>
    others
      .filter(({ difference }) => difference !== null && (sideOf(difference[metric]) === "below") === isBelow)
      .map(({ name }) => name);
  const [alike, below] = [named(false), named(true)];
  const methodsOfNames = (names: readonly string[]) => contenders.filter(({ title }) => names.includes(title));
  const alikeMethods = methodsOfNames(alike);
  const apart = others.filter(({ difference }) => difference === null).map(({ name }) => name);
  return {
    order,
    alike: alikeMethods,
    below: methodsOfNames(below),
    use: useSentence(winner, alikeMethods),
    sentence: [
      `The highest of ${order.length} methods is ${lead}.`,
      alike.length === 0
        ? below.length > 0
          ? "Its paired differences to all other methods are clear."
          : ""
        : `It does not differ clearly from ${listed(alike)}: ${alike.length === 1 ? "the paired difference has" : "each of these paired differences has"} a 95 % interval that includes 0, or too few people who differ.`,
      apart.length === 0 ? "" : `No paired difference was computed for ${listed(apart)}.`,
    ]
      .filter(Boolean)
      .join(" "),
  };
}

function behind(
  methods: readonly Method[],
  place: Place,
  {
    people,
    openings,
    comparable,
  }: { readonly people: number; readonly openings: number; readonly comparable: boolean },
): string {
  const count = methods.filter(({ algorithm }) => !isBound(algorithm)).length;
  const pairs = Math.max(0, count - 1);
  if (!comparable) return `Basis: ${count} methods, without a comparison.`;
  const chosen =
    count > 1
      ? `the best of ${count} methods in ${pairs} paired ${pairs === 1 ? "comparison" : "comparisons"}, not corrected for the choice of the best`
      : "one method";
  const counted =
    place.split === "test" ? `; these test people were ${openingsInWords(openings)} (highest count in the files)` : "";
  return `Basis: ${chosen}, on ${whole(people)} ${splitTitles[place.split]}${counted}.`;
}
