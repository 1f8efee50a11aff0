import {
  adviceOf,
  askedMetricsIn,
  compareWindow,
  comparisonProblem,
  evaluationsOf,
  fewShotOf,
  fixedRate,
  hasRates,
  holdsMetric,
  isOfLists,
  type Method,
  methodsOf,
  type NamedResults,
  type Place,
  personalOf,
  referenceOf,
  type Split,
  subjectOf,
  usesSupport,
  usualMetric,
  windowsAreTheSame,
} from "@kshot/comparison";
import { type MeasuredName, metricNames, type Window } from "@kshot/contract";
import { computed, signal } from "@preact/signals";
import { methodColours } from "./model/method-colours.js";
import { placesOf } from "./model/places.js";

export const sections = ["answer", "clicks", "try", "rates", "training", "adaptation", "runs"] as const;
export type Section = (typeof sections)[number];

/** Open files, and paragraphs about those that could not be opened. */
export const files = signal<readonly NamedResults[]>([]);
export const problems = signal<readonly string[]>([]);
export const busy = signal<string | null>(null);
export const helpOpen = signal(false);

/** The view, as in the page's address. */
export const view = {
  section: signal<Section>("answer"),
  metric: signal<MeasuredName>(usualMetric),
  window: signal<Window>("first"),
  split: signal<Split>("test"),
  baseline: signal(""),
  method: signal(""),
  tensor: signal(""),
  /** The person whose clicks are shown: `typical`, `gained`, `lost`, or `=` and a name. */
  person: signal("typical"),
  /** The number of the person's first pairs that are used, as an index into the measured numbers. */
  click: signal(0),
  smoothing: signal(1),
  allSettings: signal(false),
  theme: signal<"" | "dark" | "light">(""),
  /** Width of saved pictures in inches; empty: as shown. */
  exportWidth: signal<"" | "3.3" | "7">(""),
  /** Whether single keys are shortcuts. */
  keys: signal<"" | "off">(""),
};

/** A value that takes long. It is planned from the view, and computed when it is first read. */
interface Later<T> {
  readonly value: T;
  /** The computation for the present view, for another plan. */
  readonly plan: () => () => T;
}

/**
 * @param plan - reads all signals of the value, and returns its computation. A computation that ends with its slice is repeated at
 * the next reading.
 */
function later<T>(plan: () => () => T): Later<T> {
  const planned = computed(() => {
    const compute = plan();
    let found: { readonly value: T } | null = null;
    return () => {
      found ??= { value: compute() };
      return found.value;
    };
  });
  return {
    get value() {
      return planned.value();
    },
    plan: () => planned.value,
  };
}

export const methods = computed(() => methodsOf(files.value));

/** The colour of each method, by its id: the same in every figure. */
export const colours = computed(() => methodColours(methods.value));

/** Whether both windows contain the same queries of the same people; they are then shown once, as the first. */
export const sameWindows = computed(() => {
  const all = methods.value.flatMap((method) => method.files.map(({ results }) => results));
  return windowsAreTheSame(all, view.split.value);
});

/** Splits and windows that the open files have. */
export const places = computed((): Place[] => placesOf(files.value.map(({ results }) => results)));

/** The shown place: the chosen one, otherwise the first available. */
export const place = computed((): Place => {
  const wanted = { split: view.split.value, window: view.window.value };
  const has = (one: Place) => places.value.some((other) => other.split === one.split && other.window === one.window);
  return has(wanted) ? wanted : (places.value[0] ?? wanted);
});

/**
 * Metrics that can be shown: the five of every evaluation, and the requested metrics (`--metrics`) that the open results have in
 * common.
 */
export const metrics = computed((): readonly MeasuredName[] => {
  const asked = askedMetricsIn(files.value).map(({ name }) => name);
  const held = asked.filter((name) =>
    files.value.some(({ results }) => places.value.some((one) => holdsMetric(results, name, one))),
  );
  return [...metricNames, ...held];
});

/** The metric that is shown: the chosen one if the open results contain it. */
export const metric = computed((): MeasuredName => {
  const wanted = view.metric.value;
  return metrics.value.includes(wanted) ? wanted : usualMetric;
});

/**
 * The metric of figures that need the rank of each query (by steps, clicks or person). If a metric of lists is chosen, they show
 * another one.
 */
export const rankMetric = computed((): MeasuredName => (isOfLists(metric.value) ? usualMetric : metric.value));

/** Methods that were evaluated at the shown place with the support pairs. */
export const evaluated = computed(() =>
  methods.value.filter((method) => evaluationsOf(method, place.value, fewShotOf) !== null),
);

/** Those of them whose results hold the metric that is shown. */
export const present = computed(() =>
  evaluated.value.filter(({ files: own }) =>
    own.every(({ results }) => holdsMetric(results, metric.value, place.value)),
  ),
);

/** The method that others are compared with: the chosen one, the plain GRU, or the first. */
export const baseline = computed(() => referenceOf(present.value, ({ id }) => id === view.baseline.value));

/** The comparison at the shown place, in the chosen metric; null if no file has an evaluation there. */
export const compared = later(() => {
  const [all, reference, at, name] = [present.value, baseline.value, place.value, metric.value];
  return () => compareWindow(all, reference, at, { metrics: [name], metric: name, grouped: [], tested: false });
});

/** The method that was chosen for the whole page; undefined if none was chosen, or if it is not evaluated at the place. */
export const chosen = computed(() => present.value.find(({ id }) => id === view.method.value));

/** Whether to adapt, and which method to use, at the shown place. */
export const advice = later(() => {
  const [all, at, name, own] = [present.value, place.value, metric.value, chosen.value];
  // Higher coverage or novelty is not always better.
  return () => (isOfLists(name) ? null : adviceOf(all, at, name, own));
});

/** Whether there is a personal signal at the shown place. */
export const personal = later(() => {
  const [all, at, name] = [present.value, place.value, metric.value];
  return () => personalOf(all, at, name);
});

/** The method that the whole page is about: the chosen one, or the one that the comparison is about. */
export const subject = later((): (() => Method | undefined) => {
  const [own, all, name, reference] = [chosen.value, present.value, metric.value, baseline.value];
  const comparison = compared.plan();
  return () => {
    if (own !== undefined) return own;
    const found = subjectOf(comparison()?.methods ?? [], name, reference?.title ?? "");
    return all.find(({ title }) => title === found?.name) ?? all[0];
  };
});

/** The reason why the open results cannot all be compared; null if they can. */
export const incomparable = computed(() => {
  const reference = baseline.value;
  return reference === undefined
    ? null
    : comparisonProblem(
        present.value.flatMap((method) => method.files),
        reference,
        place.value,
      );
});

/** Trained methods: they have rates or a history. */
export const learners = computed(() =>
  methods.value.filter(({ files: own }) => own.some(({ results }) => results.history.iteration.length > 0)),
);

/** Methods that adapt to the support pairs at the shown place. */
export const adapting = computed(() =>
  methods.value.filter(({ files: own }) => own.some(({ results }) => usesSupport(results, place.value))),
);

/**
 * The method whose people are shown before and after: the page's method, otherwise Meta-SGD, otherwise another method that
 * adapts.
 */
export const adaptingSubject = later(() => pick(adapting.value));

/** Methods whose inner rates changed in training; MAML's rate is fixed, so it is not among them. */
export const withLearnedRates = computed(() =>
  methods.value.filter(({ files: own }) => hasRates(own[0].results) && fixedRate(own[0].results) === null),
);

/** The method whose rates are shown; if the page's method learned none, another. */
export const ratesSubject = later(() => pick(withLearnedRates.value));

function pick(from: readonly Method[]): () => Method | undefined {
  const own = subject.plan();
  return () =>
    from.find(({ id }) => id === own()?.id) ??
    from.find(({ algorithm }) => algorithm === "meta-sgd") ??
    from.find(({ files: all }) => hasRates(all[0].results)) ??
    from[0];
}
