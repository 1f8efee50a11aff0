import { batch, computed, effect, signal } from "@preact/signals";
import { methodsOf, type OpenFile, type Place, type Split, type Window } from "./model/methods.js";
import { type MetricName, metricNames } from "./model/metrics.js";
import { checkResults, type Parsed, parseResults } from "./open/parse-results.js";

export const sections = ["answer", "rates", "training", "adaptation", "runs"] as const;
export type Section = (typeof sections)[number];

/** Open files, and paragraphs about those that could not be opened. */
export const files = signal<readonly OpenFile[]>([]);
export const problems = signal<readonly string[]>([]);
export const busy = signal<string | null>(null);
export const helpOpen = signal(false);

/** The view, as the page's address holds it. */
export const view = {
  section: signal<Section>("answer"),
  metric: signal<MetricName>("accuracy@1"),
  window: signal<Window>("first"),
  split: signal<Split>("test"),
  baseline: signal(""),
  method: signal(""),
  tensor: signal(""),
  smoothing: signal(1),
  allSettings: signal(false),
  theme: signal<"" | "dark" | "light">(""),
};

export const methods = computed(() => methodsOf(files.value));

/** Splits and windows that the open files have. */
export const places = computed((): Place[] => {
  const found = new Map<string, Place>();
  for (const { results } of files.value) {
    for (const { split, window } of results.evaluations) found.set(`${split} ${window}`, { split, window });
  }
  const order = (place: Place) => (place.split === "test" ? 0 : 2) + (place.window === "first" ? 0 : 1);
  return [...found.values()].sort((a, b) => order(a) - order(b));
});

/** The place that is shown: the chosen one, else the first that there is. */
export const place = computed((): Place => {
  const wanted = { split: view.split.value, window: view.window.value };
  const has = (one: Place) => places.value.some((other) => other.split === one.split && other.window === one.window);
  return has(wanted) ? wanted : (places.value[0] ?? wanted);
});

/** The method that others are compared with: the chosen one, the plain GRU, or the first. */
export const baseline = computed(
  () =>
    methods.value.find(({ id }) => id === view.baseline.value) ??
    methods.value.find(({ algorithm }) => algorithm === "gru") ??
    methods.value[0],
);

/** Methods that learned something: they have rates or a history. */
export const learners = computed(() =>
  methods.value.filter(({ files: own }) => own.some(({ results }) => results.history.iteration.length > 0)),
);

/** The method whose rates and people are shown. */
export const subject = computed(() => {
  const adapting = methods.value.filter(({ files: own }) =>
    own.some(({ results }) => Object.keys(results.alpha).length > 0),
  );
  return (
    methods.value.find(({ id }) => id === view.method.value) ??
    adapting.find(({ algorithm }) => algorithm === "meta-sgd") ??
    adapting[0] ??
    methods.value[0]
  );
});

/** Adds texts of files; what cannot be read becomes a paragraph. */
export function openTexts(texts: readonly { readonly name: string; readonly text: string }[]): void {
  add(texts.map(({ name, text }) => parseResults(name, text)));
}

/** Adds values that came with the page. */
export function openValues(values: readonly unknown[]): void {
  add(values.map((value, i) => checkResults(`results ${i + 1} of this page`, value)));
}

function add(parsed: readonly Parsed[]): void {
  batch(() => {
    const fresh = parsed.flatMap((one) => (one.ok ? [{ name: one.name, results: one.results }] : []));
    const same = (a: OpenFile, b: OpenFile) =>
      a.results.algorithm === b.results.algorithm &&
      a.results.volatile.runId === b.results.volatile.runId &&
      a.results.volatile.createdAt === b.results.volatile.createdAt;
    files.value = [...files.value.filter((old) => !fresh.some((file) => same(file, old))), ...fresh];
    problems.value = parsed.flatMap((one) => (one.ok ? [] : [one.problem]));
  });
}

export function closeAll(): void {
  files.value = [];
  problems.value = [];
}

const keys = {
  s: view.section,
  metric: view.metric,
  window: view.window,
  split: view.split,
  base: view.baseline,
  method: view.method,
  tensor: view.tensor,
  theme: view.theme,
} as const;
const allowed: Readonly<Record<string, readonly string[]>> = {
  s: sections,
  metric: metricNames,
  window: ["first", "last"],
  split: ["test", "val"],
  theme: ["", "dark", "light"],
};
const defaults = Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, value.value]));

/** Takes the view from the address; what it does not know it leaves. */
export function readHash(hash: string): void {
  const asked = new URLSearchParams(hash.replace(/^#/, ""));
  batch(() => {
    for (const [key, own] of Object.entries(keys)) {
      const value = asked.get(key) ?? defaults[key]!;
      if (allowed[key] === undefined || allowed[key].includes(value)) (own as { value: string }).value = value;
    }
    const smoothing = Number(asked.get("smooth") ?? 1);
    if (Number.isInteger(smoothing) && smoothing >= 1 && smoothing <= 101) view.smoothing.value = smoothing;
    view.allSettings.value = asked.get("all") === "1";
  });
}

/** The address of the view as it is; what is as always is left out. */
export function hashOf(): string {
  const out = new URLSearchParams();
  for (const [key, own] of Object.entries(keys)) if (own.value !== defaults[key]) out.set(key, own.value);
  if (view.smoothing.value !== 1) out.set("smooth", String(view.smoothing.value));
  if (view.allSettings.value) out.set("all", "1");
  const text = out.toString();
  return text === "" ? "" : `#${text}`;
}

/** Keeps address and view the same. */
export function followHash(): void {
  readHash(location.hash);
  addEventListener("hashchange", () => readHash(location.hash));
  effect(() => {
    const hash = hashOf();
    if (hash !== location.hash)
      history.replaceState(null, "", hash === "" ? location.pathname + location.search : hash);
  });
  effect(() => {
    const theme = view.theme.value;
    if (theme === "") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  });
}
