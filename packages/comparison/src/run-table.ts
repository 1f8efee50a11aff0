import type { AlgorithmName, Interval, Window } from "@kshot/contract";
import { fewPeopleWarning } from "@kshot/metrics";
import { algorithmTitle, isAdapting, isSeeded } from "./algorithms.js";
import { windowHeading } from "./compare-table.js";
import { fewShotOf, innerStepsOf, usesSupport, windowsAreTheSame, zeroShotOf } from "./evaluations.js";
import { type ComparableResults, configOf, type Place, type Split } from "./results.js";
import { type Table, textTable } from "./text-table.js";
import { trainingNoiseInWords } from "./training-noise.js";
import { figure, signed, withInterval } from "./words.js";

/**
 * The tables of one run, one per window: zero-shot and few-shot Acc@1 with 95 % intervals over people, the gain of few-shot over
 * the plain GRU in percent, and Δ (Meta-SGD − MAML). Windows of the same queries are one table.
 */
export function runTables(results: readonly ComparableResults[], { split }: { readonly split: Split }): Table[] {
  const same = windowsAreTheSame(results, split);
  const windows = (["first", "last"] as const).filter((window) =>
    results.some((own) => zeroShotOf(own, { split, window })),
  );
  return (same ? windows.slice(0, 1) : windows).map((window) => windowTable(results, window, split, same));
}

/** The tables of one run as text. */
export function runTable(results: readonly ComparableResults[], options: { readonly split: Split }): string {
  return runTables(results, options)
    .map((table) => textTable(table, { closed: false }))
    .join("\n\n");
}

function windowTable(results: readonly ComparableResults[], window: Window, split: Split, same: boolean): Table {
  const place: Place = { split, window };
  const by = (name: AlgorithmName) => results.find(({ algorithm }) => algorithm === name);
  const [first] = results;
  const people = (first && zeroShotOf(first, place)?.people) ?? { user: [], queries: [] };
  const queries = people.queries.reduce((sum, own) => sum + own.length, 0);
  const warning = fewPeopleWarning(people.user.length);
  const accuracy = (own: ComparableResults | undefined, shot: typeof zeroShotOf) =>
    own && shot(own, place)?.metrics["accuracy@1"];
  const baseline = accuracy(by("gru"), zeroShotOf)?.value;
  const [sgd, maml] = [by("meta-sgd"), by("maml")];
  const delta = (shot: typeof zeroShotOf) => {
    const [a, b] = [accuracy(sgd, shot), accuracy(maml, shot)];
    return a === undefined || b === undefined ? "–" : signed(a.value - b.value, 4);
  };
  return {
    title: [`${windowHeading(split, window, same)} (${people.user.length} people, ${queries} queries)`],
    head: [
      ["", "Acc@1", "Acc@1", "few-shot", "few-shot", "few-shot"],
      ["Method", "zero-shot", `few-shot (K=${first?.k ?? 0})`, "vs GRU", "Recall@10", "MRR"],
    ],
    rows: results.map((own) => {
      const zero = zeroShotOf(own, place);
      const few = usesSupport(own, place) ? fewShotOf(own, place) : undefined;
      const shown = few ?? zero;
      return [
        algorithmTitle(own.algorithm),
        cell(zero?.metrics["accuracy@1"]),
        cell(few?.metrics["accuracy@1"]),
        few ? percent(improvementPercent(few.metrics["accuracy@1"].value, baseline)) : "–",
        shown ? figure(shown.metrics["recall@10"].value, 4) : "–",
        shown ? figure(shown.metrics.mrr.value, 4) : "–",
      ];
    }),
    foot: sgd && maml ? [["Δ (Meta-SGD − MAML)", delta(zeroShotOf), delta(fewShotOf), "", "", ""]] : [],
    notes: [
      ...(warning === null ? [] : [warning]),
      ...(results.some(({ algorithm }) => isSeeded(algorithm)) ? [trainingNoiseInWords("left out") ?? ""] : []),
    ],
  };
}

/** Relative gain over a baseline in percent: 100 · (a − b)/b; null without b or for b = 0. */
export function improvementPercent(value: number | undefined, baseline: number | undefined): number | null {
  return value === undefined || baseline === undefined || baseline === 0 ? null : (100 * (value - baseline)) / baseline;
}

function cell(value: Interval | undefined): string {
  return value ? withInterval(value) : "–";
}

function percent(value: number | null): string {
  return value === null ? "–" : `${signed(value, 2)} %`;
}

/**
 * The meaning of few-shot in a run's table: the support pairs, and each adapting method's inner steps. Fine-tuning, and a learner
 * that starts from it, take the number that was best on the validation people, not the run's setting.
 */
export function fewShotLegend(results: readonly ComparableResults[]): string {
  const titles = new Map<string, string[]>();
  for (const own of results) {
    if (!isAdapting(own.algorithm)) continue;
    const steps = innerStepsOf(own);
    const chosen = own.algorithm === "gru-finetuned" || configOf(own).metasgd_config?.warm_start === "tuned";
    const count = `${steps} inner ${steps === 1 ? "step" : "steps"}${chosen ? ", chosen on the validation people" : ""}`;
    titles.set(count, [...(titles.get(count) ?? []), algorithmTitle(own.algorithm)]);
  }
  const steps = [...titles].map(([count, own]) => `; ${own.join(", ")}: after ${count}`);
  return `Few-shot: with K = ${results[0]?.k ?? 0} support pairs${steps.join("")}.`;
}
