import type { MeasuredName } from "@kshot/contract";
import { fewestUnequal } from "@kshot/metrics";
import { isAdapting, isBound } from "./algorithms.js";
import { type ComparedMethod, type ComparedWindow, type Difference, isOfLists } from "./compare-window.js";
import type { Place } from "./results.js";
import { type CountedDifference, sideOf } from "./side-of.js";
import { figure, signed, splitTitles, titleOfMetric, whole } from "./words.js";

/** A comparison in one sentence that can be quoted alone, in parts so that a page can format them, and its meaning. */
export interface Answer {
  /** The method of the sentence. */
  readonly subject: string;
  /** `Few-shot Meta-SGD 0.312 against plain GRU 0.289` */
  readonly lead: string;
  /** The paired difference; null if there is none. */
  readonly difference: CountedDifference | null;
  /** `+0.023` and `95 % interval +0.010 to +0.036`; null without a difference. */
  readonly differenceText: string | null;
  readonly intervalText: string | null;
  /** Metric, people, window, K, Q and seeds. */
  readonly circumstances: string;
  /** Whether the interval contains 0, and which method has the highest figure. */
  readonly verdict: string;
}

/** Options of the answer. */
export interface AnswerOptions<Name extends MeasuredName> {
  readonly metric: Name;
  readonly place: Place;
  readonly k: number;
  readonly q: number;
  /** Title of the method that others are compared with. */
  readonly reference: string;
  /** Title of the method of the answer; if omitted, or if it is the reference: as `subjectOf` chooses. */
  readonly subject?: string;
}

/**
 * The method that a comparison is about: Meta-SGD, otherwise one that adapts by gradient steps, otherwise one that the support
 * pairs change, otherwise any; among several the one with the highest figure. Never a bound or the reference.
 */
export function subjectOf<Name extends MeasuredName>(
  methods: readonly ComparedMethod<Name>[],
  metric: Name,
  reference: string,
): ComparedMethod<Name> | undefined {
  const candidates = byFigure(methods, metric).filter(
    ({ name, algorithm }) => name !== reference && !isBound(algorithm),
  );
  return (
    candidates.find(({ algorithm }) => algorithm === "meta-sgd") ??
    candidates.find(({ algorithm }) => isAdapting(algorithm)) ??
    candidates.find(({ zeroShot }) => zeroShot !== null) ??
    candidates[0]
  );
}

/** Methods by their few-shot figure, the highest first, bounds last. */
export function byFigure<Name extends MeasuredName>(
  methods: readonly ComparedMethod<Name>[],
  metric: Name,
): ComparedMethod<Name>[] {
  return [...methods].sort(
    (a, b) =>
      Number(isBound(a.algorithm)) - Number(isBound(b.algorithm)) || b.fewShot[metric].value - a.fewShot[metric].value,
  );
}

/**
 * The answer: the subject against the reference, paired by person; for a single method, the gain from the support pairs.
 *
 * @returns null if no method has the evaluation.
 */
export function answerOf<Name extends MeasuredName>(
  compared: Pick<ComparedWindow<Name>, "people" | "methods">,
  options: AnswerOptions<Name>,
): Answer | null {
  const { metric } = options;
  const { methods } = compared;
  const reference = methods.find(({ name }) => name === options.reference);
  const wanted = methods.find(({ name }) => name === options.subject && name !== options.reference);
  const subject = wanted ?? subjectOf(methods, metric, options.reference);
  const value = ({ fewShot }: ComparedMethod<Name>) => figure(fewShot[metric].value);
  if (subject && reference) {
    return paired({
      subject,
      metric,
      lead: `${subject.zeroShot ? "Few-shot " : ""}${subject.name} ${value(subject)} against ${reference.name.replace(/^Plain/, "plain")} ${value(reference)}`,
      difference: subject.difference?.[metric] ?? null,
      more: standing(methods, subject, metric),
      circumstances: circumstances(compared.people, subject, options),
    });
  }
  const alone = subject ?? reference;
  if (!alone) return null;
  if (alone.gain && alone.zeroShot) {
    return paired({
      subject: alone,
      metric,
      lead: `Few-shot ${alone.name} ${value(alone)} against zero-shot ${figure(alone.zeroShot[metric].value)}`,
      difference: alone.gain[metric],
      more: " This is the gain from the support pairs; open another method's results to compare.",
      circumstances: circumstances(compared.people, alone, options),
    });
  }
  const { low, high } = alone.fewShot[metric];
  return {
    subject: alone.name,
    lead: `${alone.name} ${value(alone)}, 95 % interval ${figure(low)} to ${figure(high)}`,
    difference: null,
    differenceText: null,
    intervalText: null,
    circumstances: circumstances(compared.people, alone, options),
    verdict: "Open another method's results to compare.",
  };
}

/** The answer's sentence as text. */
export function answerText({ lead, differenceText, intervalText, circumstances: of }: Answer): string {
  const difference = differenceText === null ? "" : `: ${differenceText}, ${intervalText}`;
  return `${lead}${difference} (${of}).`;
}

function paired(options: {
  metric: MeasuredName;
  subject: { readonly name: string };
  lead: string;
  difference: Difference | null;
  more: string;
  circumstances: string;
}): Answer {
  const { metric, subject, lead, difference, more } = options;
  return {
    subject: subject.name,
    lead,
    difference,
    differenceText: difference && signed(difference.value),
    intervalText: difference && `95 % interval ${signed(difference.low)} to ${signed(difference.high)}`,
    circumstances: options.circumstances,
    // Figures of different people have no order.
    verdict:
      difference === null
        ? "They cannot be paired person by person, so no difference is given."
        : `${verdict(difference, !isOfLists(metric))}${more}`,
  };
}

/** The meaning of an interval with respect to 0. More listed items, or rarer ones, are not better by themselves. */
export function verdict(difference: CountedDifference, moreIsBetter = true): string {
  const { low, high, unequal } = difference;
  const [more, less] = moreIsBetter ? ["Better", "Worse"] : ["Higher", "Lower"];
  const side = sideOf(difference);
  if (side !== "unclear") return `${side === "above" ? more : less}: the interval leaves out 0.`;
  if (low === 0 && high === 0) return "No difference: every person has the same figure.";
  if (unequal < fewestUnequal) {
    return `No clear difference: only ${unequal} ${unequal === 1 ? "person differs" : "people differ"}.`;
  }
  return "No clear difference: the interval includes 0.";
}

function circumstances<Name extends MeasuredName>(
  people: number,
  { seeds }: ComparedMethod<Name>,
  { metric, place, k, q }: AnswerOptions<Name>,
): string {
  const mean = seeds.length > 1 ? `, mean of ${seeds.length} seeds` : "";
  return `${titleOfMetric(metric)} on ${whole(people)} ${splitTitles[place.split]}, ${place.window} window, K = ${k}, Q = ${q}${mean}`;
}

/** The method with the highest figure, if it is not the subject, and the bounds. */
function standing<Name extends MeasuredName>(
  methods: readonly ComparedMethod<Name>[],
  subject: ComparedMethod<Name>,
  metric: Name,
): string {
  const sorted = byFigure(methods, metric);
  const contenders = sorted.filter(({ algorithm }) => !isBound(algorithm));
  const bounds = sorted.filter(({ algorithm }) => isBound(algorithm));
  const [highest, ...others] = contenders;
  const named = ({ name, fewShot }: ComparedMethod<Name>) => `${name} ${figure(fewShot[metric].value)}`;
  const parts = [
    ...(highest && others.length > 0
      ? [highest === subject ? "It has the highest figure" : `Highest: ${named(highest)}`]
      : []),
    ...(bounds.length > 0
      ? [`ceiling: ${bounds.map(named).join(", ").replace("Ideal", "ideal").replace(" (ceiling)", "")}`]
      : []),
  ];
  return parts.length === 0 ? "" : ` ${parts.join("; ")}.`;
}
