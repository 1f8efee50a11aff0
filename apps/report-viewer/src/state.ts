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
import { askedMetric, type MeasuredName, metricNames, type Window } from "@kshot/contract";
import { batch, computed, effect, signal } from "@preact/signals";
import { methodColours } from "./model/method-colours.js";
import { placesOf } from "./model/places.js";
import { isExample } from "./open/example.js";
import { checkResults, type Parsed, parseResults } from "./open/parse-results.js";

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

/** Opens texts of files; a text that cannot be read becomes a message. */
export function openTexts(texts: readonly { readonly name: string; readonly text: string }[]): void {
  add(texts.map(({ name, text }) => parseResults(name, text)));
}

/** Opens pasted text. Text that does not begin with { gets its own message. */
export function openPasted(text: string): void {
  if (/^\s*[{[]/.test(text)) openTexts([{ name: "pasted text", text }]);
  else {
    problems.value = [
      "The pasted text is not a results file: a results file begins with {. Copy the whole text of a file from a run's results/ folder, or drop the file here.",
    ];
  }
}

/** Opens results that are checked already; no others stay open. */
export function openNamed(named: readonly NamedResults[]): void {
  files.value = named;
}

/** Opens values from the page's data. */
export function openValues(values: readonly unknown[]): void {
  add(values.map(checkInPage));
}

/** A value of the page's data: results, or `{label, results}` of a suite's run. */
function checkInPage(value: unknown, i: number): Parsed {
  const { schema, label, results } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (schema !== undefined || typeof label !== "string") return checkResults(nameInPage(value, i), value);
  const checked = checkResults(nameInPage(results, i), results);
  return checked.ok ? { ...checked, label } : checked;
}

/** The name of results inside the page: that of the file in a run's folder, or of curves if they have no training. */
function nameInPage(value: unknown, i: number): string {
  const { algorithm, k, q, history } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (typeof algorithm !== "string" || typeof k !== "number" || typeof q !== "number")
    return `Results ${i + 1} of this page`;
  const { validation } = (history ?? {}) as { readonly validation?: unknown };
  const trained = Array.isArray(validation) && validation.length > 0;
  return `${algorithm.replaceAll("-", "")}_K${k}_Q${q}${trained ? "" : " evaluated"}.json`;
}

function add(parsed: readonly Parsed[]): void {
  batch(() => {
    const fresh = parsed.flatMap(({ ok, ...one }) => ("results" in one ? [one] : []));
    const same = (a: NamedResults, b: NamedResults) =>
      a.results.algorithm === b.results.algorithm &&
      a.results.volatile.runId === b.results.volatile.runId &&
      a.results.volatile.createdAt === b.results.volatile.createdAt;
    // Real results replace the example.
    const real = fresh.some((file) => !isExample(file));
    const kept = files.value.filter((old) => !fresh.some((file) => same(file, old)) && !(real && isExample(old)));
    files.value = [...kept, ...fresh];
    problems.value = parsed.flatMap((one) => (one.ok ? [] : [one.problem]));
  });
}

/** Closes all files and resets the view; the theme stays. */
export function closeAll(): void {
  batch(() => {
    files.value = [];
    problems.value = [];
    readHash(view.theme.value === "" ? "" : `theme=${view.theme.value}`);
  });
}

export function closeFile(file: NamedResults): void {
  const gone = file.parts ?? [file];
  files.value = files.value.filter((one) => !gone.includes(one));
}

export function closeExample(): void {
  files.value = files.value.filter((file) => !isExample(file));
  if (files.value.length === 0) closeAll();
}

export function dismissProblem(problem: string): void {
  problems.value = problems.value.filter((one) => one !== problem);
}

const keys = {
  s: view.section,
  metric: view.metric,
  window: view.window,
  split: view.split,
  base: view.baseline,
  method: view.method,
  tensor: view.tensor,
  person: view.person,
  theme: view.theme,
  keys: view.keys,
} as const;
const oneOf = (words: readonly string[]) => (value: string) => words.includes(value);
const allowed: Readonly<Record<string, (value: string) => boolean>> = {
  s: oneOf(sections),
  metric: (value) => askedMetric(value) !== undefined,
  window: oneOf(["first", "last"]),
  split: oneOf(["test", "val"]),
  theme: oneOf(["", "dark", "light"]),
  keys: oneOf(["", "off"]),
};
const defaults = Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, value.value]));

/** Reads the view from the address; unknown keys and values are ignored. */
export function readHash(hash: string): void {
  const asked = new URLSearchParams(hash.replace(/^#/, ""));
  batch(() => {
    for (const [key, own] of Object.entries(keys)) {
      const value = asked.get(key) ?? defaults[key] ?? "";
      if (allowed[key]?.(value) ?? true) (own as { value: string }).value = value;
    }
    const smoothing = Number(asked.get("smooth") ?? 1);
    if (Number.isInteger(smoothing) && smoothing >= 1 && smoothing <= 101) view.smoothing.value = smoothing;
    const click = Number(asked.get("click") ?? 0);
    view.click.value = Number.isInteger(click) && click >= 0 && click <= 1000 ? click : 0;
    view.allSettings.value = asked.get("all") === "1";
  });
}

/** The address of the current view, without defaults. */
export function hashOf(): string {
  const out = new URLSearchParams();
  for (const [key, own] of Object.entries(keys)) if (own.value !== defaults[key]) out.set(key, own.value);
  if (view.smoothing.value !== 1) out.set("smooth", String(view.smoothing.value));
  if (view.click.value !== 0) out.set("click", String(view.click.value));
  if (view.allSettings.value) out.set("all", "1");
  const text = out.toString();
  return text === "" ? "" : `#${text}`;
}

/**
 * Keeps address and view in agreement; `onSection` is called when the reader enters or returns to an address of another section.
 */
export function followHash(onSection: (section: Section) => void): void {
  readHash(location.hash);
  addEventListener("hashchange", () => {
    const before = view.section.value;
    readHash(location.hash);
    if (view.section.value !== before) onSection(view.section.value);
  });
  effect(() => {
    const hash = hashOf();
    if (hash !== location.hash)
      history.replaceState(null, "", hash === "" ? location.pathname + location.search : hash);
  });
  effect(() => {
    document.title = titleOf(files.value);
  });
  effect(() => {
    const theme = view.theme.value;
    if (theme === "") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  });
}

/** The page's title: data and date of the newest results; the date as written in them. */
export function titleOf(all: readonly NamedResults[]): string {
  const prints = [...new Set(all.map(({ results }) => results.data.fingerprint.slice(0, 8)))];
  const [newest = ""] = all
    .map(({ results }) => results.volatile.createdAt.slice(0, 10))
    .sort()
    .reverse();
  if (prints.length === 0) return "kshot report";
  return `kshot report: data ${prints.slice(0, 2).join(", ")}${prints.length > 2 ? " …" : ""}, ${newest}`;
}
