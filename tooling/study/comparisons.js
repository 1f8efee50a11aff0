import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { estimate, figure, interval, points, table } from "./markdown.js";

const kshot = fileURLToPath(new URL("../../apps/cli/dist/main.js", import.meta.url));
/** What `compare` has said; it draws the same intervals again each time. */
const known = new Map();

/** `kshot compare REPORTS --json`: differences to `reference`, a method's id. */
export function compared(reports, reference, metric = "mrr") {
  const key = [...reports, reference, metric].join("\n");
  if (!known.has(key)) {
    const args = [kshot, "compare", ...reports, "--reference", reference, "--metric", metric, "--json"];
    known.set(key, JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: 2 ** 29 })));
  }
  return known.get(key);
}

/** A method's figure for each seed. */
function seedFigures(method, seeds, metric = "mrr") {
  if (method.trainingNoise === "none") return seeds.map((_, i) => (i === 0 ? "the same" : ""));
  return seeds.map((seed) => {
    const own = method.fewShotBySeed[metric][method.seeds.indexOf(seed)];
    return own === undefined ? "" : figure(own);
  });
}

/** The paired difference of `hybrid` to each method of a window, by name; `compare` prints each method minus the hybrid. */
function hybridAgainst(reports, window, metric) {
  const { windows } = compared(reports, "hybrid", metric);
  const { methods } = windows.find((other) => other.window === window);
  return new Map(
    methods.flatMap(({ name, difference }) => {
      const less = difference?.[metric];
      return less ? [[name, { value: -less.value, low: -less.high, high: -less.low }]] : [];
    }),
  );
}

/**
 * Every method by window: `metric`, each seed's figure, the paired difference to the reference, and that of `hybrid` to it.
 *
 * @returns for each window its name, people, queries and table
 */
export function methodTables(reports, { reference = "gru", metric = "mrr", methods: asked } = {}) {
  return compared(reports, reference, metric).windows.map(({ window, people, queries, methods }) => {
    const shown = methods
      .filter(({ algorithm }) => asked === undefined || asked.includes(algorithm))
      .sort((a, b) => b.fewShot[metric].value - a.fewShot[metric].value);
    const seeds = [...new Set(shown.flatMap((method) => method.seeds))].sort((a, b) => a - b);
    const hasHybrid = methods.some(({ algorithm }) => algorithm === "hybrid");
    const hybrid = hasHybrid ? hybridAgainst(reports, window, metric) : undefined;
    const rows = shown.map((method) => {
      const difference = method.difference?.[metric];
      const less = hybrid?.get(method.name);
      return [
        method.name,
        estimate(method.fewShot[metric]),
        ...seedFigures(method, seeds, metric),
        difference ? interval(difference) : "",
        ...(hybrid ? [less ? interval(less) : ""] : []),
      ];
    });
    const head = ["method", metric.toUpperCase(), ...seeds.map((seed) => `seed ${seed}`), "against the plain GRU"];
    return { window, people, queries, table: table([...head, ...(hybrid ? ["hybrid against it"] : [])], rows) };
  });
}

/** Rows of `gainsTable`: title, and the method's name in a comparison. */
const adapting = [
  ["GRU with context", /^GRU with context$/],
  ["fine-tuned GRU", /^Fine-tuned GRU$/],
  ["MAML", /^MAML$/],
  ["Meta-SGD from the plain GRU", /^Meta-SGD \(from-gru\)$/],
  ["Meta-SGD of the recipe", /^Meta-SGD \(best\)$/],
];

/** Points of MRR that the support pairs add to each method, over the same method without them, by data. Window `first`. */
export function gainsTable(data) {
  const all = data.map(({ title, reports }) => {
    const { personal, ...first } = compared(reports, "gru").windows.find(({ window }) => window === "first");
    return { title, signal: personal?.signal, ...first };
  });
  return table(
    ["data", ...all.map(({ title }) => title)],
    [
      ["test people", ...all.map(({ people }) => `${people}`)],
      [
        "other sessions add to counts",
        ...all.map(({ signal }) => (signal?.gain ? points(signal.gain) : "there are none")),
      ],
      ...adapting.map(([title, name]) => [
        title,
        ...all.map(({ methods }) => {
          const gain = methods.find((method) => name.test(method.name))?.gain?.mrr;
          return gain ? points(gain) : "";
        }),
      ]),
    ],
  );
}

/** Two splits of the same events in one window: each method's MRR, and the difference of `hybrid` to it. */
export function splitsTable(window, splits) {
  const all = splits.map(({ reports, ...titles }) => ({
    ...titles,
    methods: compared(reports, "gru").windows.find((other) => other.window === window).methods,
    hybrid: hybridAgainst(reports, window, "mrr"),
  }));
  const [first] = all;
  const shown = first.methods.toSorted((a, b) => b.fewShot.mrr.value - a.fewShot.mrr.value);
  const seeds = [...new Set(shown.flatMap((method) => method.seeds))].sort((a, b) => a - b);
  return table(
    [
      "method",
      ...all.flatMap(({ title }) => [`${title}: MRR`, ...seeds.map((seed) => `seed ${seed}`), "hybrid against it"]),
    ],
    shown.map(({ name }) => [
      name,
      ...all.flatMap(({ methods, hybrid }) => {
        const own = methods.find((method) => method.name === name);
        const less = hybrid.get(name);
        return [estimate(own.fewShot.mrr), ...seedFigures(own, seeds), less ? interval(less) : ""];
      }),
    ]),
  );
}

/** The window `first` of a suite, and the methods of some algorithms in it, in their order. */
function firstWindow(folder, name, algorithms) {
  const { windows } = compared([join(folder, "kshot-runs", "reports", name)], "gru");
  const { people, queries, methods } = windows.find(({ window }) => window === "first");
  const own = algorithms.flatMap((algorithm) => methods.find((method) => method.algorithm === algorithm) ?? []);
  return { people, queries, methods, own };
}

/** K = 1 … of data folders `NAME1`, `NAME2` …: MRR of the plain GRU and the other methods' differences to it. Window `first`. */
export function supportsTable(folder, name, supports, algorithms) {
  let titles = [];
  const rows = supports.map((k) => {
    const { train } = JSON.parse(readFileSync(join(folder, `${name}${k}`, "summary.json"), "utf8"));
    const { people, queries, methods, own } = firstWindow(folder, `${name}${k}`, algorithms);
    titles = own.map((method) => method.name);
    const gru = methods.find(({ algorithm }) => algorithm === "gru");
    return [
      ...[`${k}`, `${people}`, queries.toLocaleString("en"), train.episodeUsers.toLocaleString("en")],
      figure(gru.fewShot.mrr.value),
      ...own.map(({ difference }) => interval(difference.mrr)),
    ];
  });
  return table(["K", "test people", "queries", "train people with episodes", "plain GRU: MRR", ...titles], rows);
}

/** The MRR of each seed behind `supportsTable`, in the order of the seeds. */
export function supportsBySeed(folder, name, supports, algorithms) {
  let titles = [];
  const rows = supports.map((k) => {
    const { own } = firstWindow(folder, `${name}${k}`, algorithms);
    titles = own.map((method) => method.name);
    const cells = own.map((method) => seedFigures(method, method.seeds).filter(Boolean).join(" "));
    return [`${k}`, ...cells];
  });
  return table(["K", ...titles], rows);
}
