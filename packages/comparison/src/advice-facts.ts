import type { MeasuredName } from "@kshot/contract";
import { algorithmTraits, isAlgorithm, isBound } from "./algorithms.js";
import { compareWindow } from "./compare-window.js";
import { type Method, referenceOf } from "./methods.js";
import type { Place } from "./results.js";
import { sideOf } from "./side-of.js";
import { figure, intervalInPoints, points, titleOfMetric } from "./words.js";

/**
 * The gain of learned inner rates over one fixed rate: Meta-SGD's few-shot figure minus MAML's, paired by person.
 *
 * @param order - methods of the place, the highest figure first.
 * @returns null if one of the two is missing, or they cannot be paired.
 */
export function learnedRatesFact(order: readonly Method[], place: Place, metric: MeasuredName): string | null {
  const [learned, fixed] = ["meta-sgd", "maml"].map((name) => order.find(({ algorithm }) => algorithm === name));
  if (learned === undefined || fixed === undefined) return null;
  const compared = compareWindow([learned, fixed], fixed, place, {
    metrics: [metric],
    metric,
    grouped: [],
    tested: false,
  });
  const difference = compared?.methods.find(({ name }) => name === learned.title)?.difference?.[metric];
  if (difference === undefined) return null;
  const { value } = difference;
  const meaning = {
    above: "learned rates are clearly better",
    below: "the fixed rate is clearly better",
    unclear: "no clear difference",
  }[sideOf(difference)];
  return `Gain of learned rates over one fixed rate (${learned.title} minus ${fixed.title}): ${points(value)} points of ${titleOfMetric(metric)} (${intervalInPoints(difference)}); ${meaning}.`;
}

/**
 * A method's share of the possible gain: (its figure − the plain GRU's) / (the ceiling's − the plain GRU's).
 *
 * @param methods - those evaluated at the place, with the ideal observer among them.
 * @returns null without a ceiling, for the plain GRU itself, and if the ceiling is not higher than the plain GRU.
 */
export function ceilingFact<Name extends MeasuredName>(
  methods: readonly Method[],
  subject: Method,
  place: Place,
  metric: Name,
): string | null {
  const ceiling = methods.find(({ algorithm }) => isBound(algorithm));
  const reference = referenceOf(methods.filter(({ algorithm }) => !isBound(algorithm)));
  if (ceiling === undefined || reference === undefined || reference === subject) return null;
  const compared = compareWindow([ceiling, reference, subject], undefined, place, {
    metrics: [metric],
    metric,
    grouped: [],
    tested: false,
  });
  const of = ({ title }: Method) => compared?.methods.find(({ name }) => name === title)?.fewShot[metric].value;
  const [most, base, own] = [of(ceiling), of(reference), of(subject)];
  if (most === undefined || base === undefined || own === undefined || !(most > base)) return null;
  return `${subject.title} has ${Math.round((100 * (own - base)) / (most - base))} % of the possible gain over ${reference.title} (ceiling: ${figure(most)} ${titleOfMetric(metric)}).`;
}

/**
 * The recommended method: the one with the highest figure, with its kind; if it trains a network, also a counting method that
 * does not differ clearly from it.
 */
export function useSentence(winner: Method, alike: readonly Method[]): string {
  const counting = alike.find((method) => kindOf(method) === "baseline");
  const kind = kindOf(winner);
  if (kind === "baseline")
    return `Which method to use: ${winner.title}. It is a counting method and trains no network.`;
  const what = kind === "hybrid" ? " It combines counts and a network." : "";
  const simpler =
    counting === undefined
      ? ""
      : ` ${counting.title} does not differ clearly from it and trains no network: it is the simpler choice.`;
  return `Which method to use: ${winner.title}.${what}${simpler}`;
}

function kindOf({ algorithm }: Method): string {
  return isAlgorithm(algorithm) ? algorithmTraits[algorithm].kind : "";
}
