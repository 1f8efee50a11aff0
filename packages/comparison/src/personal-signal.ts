import { type MeasuredName, type MetricName, metricNames } from "@kshot/contract";
import type { PersonalSignal } from "@kshot/contract/schemas";
import { advisedInsteadOfHybrid } from "./advice.js";
import { isAdapting, isNetwork } from "./algorithms.js";
import type { Method } from "./methods.js";
import type { Place } from "./results.js";
import { sideOf } from "./side-of.js";
import { type SwappedMethod, swapSentence, swapsAt } from "./swap.js";
import { points, pointsWithInterval, whole } from "./words.js";

/** Whether data and methods show a personal signal outside a query's own session. */
export interface PersonalVerdict {
  /**
   * `personal`: other sessions have a gain clearly above 0, or a method gains from own pairs, and more than from other people's, both
   * clearly; `none`: none has, and a gain of 0.01 or more is excluded; `unclear`: neither; `unknown`: not measured, or too few people.
   */
  readonly verdict: "personal" | "none" | "unclear" | "unknown";
  /** The verdict in one sentence. */
  readonly sentence: string;
  /** The evidence, one sentence each: the expert of other sessions, then each method's swap. */
  readonly evidence: readonly string[];
  /** The gain from other sessions on the validation people; null if not measured. */
  readonly signal: PersonalSignal | null;
  readonly swaps: readonly SwappedMethod[];
}

/** Largest gain that does not justify adapting: one point of the metric. */
const negligible = 0.01;

/**
 * The sentence for data without a personal signal.
 *
 * @param use - the method to use
 */
export function noPersonalSignal(use = "hybrid"): string {
  return `These data show no personal signal outside the session: adapting cannot improve the results here; use ${use}.`;
}

/**
 * The verdict on the personal signal, from the data before training (the gain of other sessions in a mixture of counts) and from
 * the trained methods (the swap). A method that only loses with other people's pairs, and gains nothing from own pairs, has learned
 * nothing personal: strange pairs disturb it. Only networks count: a method that knows which items a person has met always gains
 * from own pairs, by revisits. Without a signal, the sentence names `hybrid`, or the method that the advice names if `hybrid` is clearly
 * below it or is missing (`advisedInsteadOfHybrid`).
 *
 * @param methods - from `methodsOf`
 * @param metricOfAdvice - metric of the advice next to the verdict
 * @returns `unknown` if the results have neither
 */
export function personalVerdict(
  methods: readonly Method[],
  place: Place,
  metric: MetricName,
  metricOfAdvice: MeasuredName = metric,
): PersonalVerdict {
  const signal = methods.flatMap(({ files }) => files.flatMap(({ results }) => results.personal ?? []))[0] ?? null;
  const swaps = swapsAt(methods, place, metric);
  const use = () => advisedInsteadOfHybrid(methods, place, metricOfAdvice)?.title;
  return { ...verdictOf(signal, swaps, use), signal, swaps };
}

/**
 * The verdict of a comparison, for terminal and page.
 *
 * @param metric - the swap has the usual five; for another metric the verdict is in MRR
 * @returns null if no method adapts and no measurement was made
 */
export function personalOf(methods: readonly Method[], place: Place, metric: MeasuredName): PersonalVerdict | null {
  const usual = metricNames.find((name) => name === metric) ?? "mrr";
  const found = personalVerdict(methods, place, usual, metric);
  return found.verdict === "unknown" && !methods.some(({ algorithm }) => isAdapting(algorithm)) ? null : found;
}

/**
 * The sentence for data in which counts of other sessions find nothing, and no network was compared: counts cannot find all that a network
 * can.
 *
 * @param use - the method to use
 */
export function noSignalInCounts(use = "hybrid"): string {
  return `These data show no personal signal outside the session to counts of a person's other sessions; use ${use}. Networks can find more: train measures it by the swap of people's pairs.`;
}

/** The verdict from the data only, before training. */
export function signalVerdict(signal: PersonalSignal): PersonalVerdict {
  return { ...verdictOf(signal, []), signal, swaps: [] };
}

function verdictOf(
  signal: PersonalSignal | null,
  swapped: readonly SwappedMethod[],
  use: () => string | undefined = () => undefined,
): Pick<PersonalVerdict, "verdict" | "sentence" | "evidence"> {
  const gain = signal?.gain ?? null;
  const evidence = [...signalSentences(signal), ...swapped.map(swapSentence)];
  const swaps = swapped.filter(({ algorithm }) => isNetwork(algorithm));
  if (gain === null && swaps.length === 0) {
    return signal === null || signal.people < 2
      ? { verdict: "unknown", sentence: "Whether these data hold a personal signal is not known.", evidence }
      : { verdict: "none", sentence: noPersonalSignal(use()), evidence };
  }
  const personal = swaps.filter(
    ({ lost, gain: own }) => sideOf(lost) === "above" && (own === null || sideOf(own) === "above"),
  );
  if (gain !== null && gain.low > 0) {
    const sentence =
      swaps.length > 0 && personal.length === 0
        ? "These data show a personal signal outside the session, but no method here learns it from a person's own pairs."
        : "These data show a personal signal outside the session: adapting can improve the results here.";
    return { verdict: "personal", sentence, evidence };
  }
  if (personal.length > 0) {
    const names = personal.map(({ name }) => name).join(", ");
    return {
      verdict: "personal",
      sentence: `For ${names}, a person's own pairs add more than pairs of other people: part of the gain is personal.`,
      evidence,
    };
  }
  const most = Math.max(
    ...[...(gain === null ? [] : [gain]), ...swaps.map(({ lost }) => lost)].map(({ high }) => high),
  );
  if (most <= negligible) {
    return {
      verdict: "none",
      sentence: swaps.length > 0 ? noPersonalSignal(use()) : noSignalInCounts(use()),
      evidence,
    };
  }
  return {
    verdict: "unclear",
    sentence: `No personal signal outside the session is clearly above 0 here; a gain of up to ${points(most)} points is not excluded.`,
    evidence,
  };
}

/** The gain of other sessions in a sentence; none if it was not measured. */
export function signalSentences(signal: PersonalSignal | null): string[] {
  return signal === null ? [] : [signalSentence(signal)];
}

function signalSentence({ gain, people, queries }: PersonalSignal): string {
  if (gain === null) {
    return people < 2
      ? "Fewer than 2 validation people have K + Q pairs: the gain from other sessions cannot be measured."
      : "Every person has one session: a query's own history contains everything about the person.";
  }
  return `On ${whole(people)} validation people (${whole(queries)} queries) the items of a person's other sessions add ${pointsWithInterval(gain)} points of MRR to the mixture of counts.`;
}
