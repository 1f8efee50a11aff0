import type { AlgorithmName, Interval, Window } from "@kshot/contract";
import type { Evaluation, Results } from "@kshot/contract/schemas";
import { fewPeopleWarning } from "@kshot/metrics";
import { algorithmTitle } from "./algorithm-table.js";
import { type EvaluationPlace, fewShotOf, usesSupport, zeroShotOf } from "./few-shot.js";
import { improvementPercent } from "./run/report.js";

export const windowTitles: Record<Window, string> = {
  first: "window `first`: a person's first K + Q pairs",
  last: "window `last`: a person's last K + Q pairs, as in the notebook",
};

/**
 * The comparison as text (cell 07c-12), one block per window: zero-shot and few-shot Acc@1 with 95 % intervals over people,
 * the improvement of few-shot over the plain GRU in percent, and Δ (Meta-SGD − MAML).
 */
export function comparisonTable(results: readonly Results[], options: { split: Evaluation["split"] }): string {
  const windows = (["first", "last"] as const).filter((window) =>
    results.some((r) => zeroShotOf(r, { split: options.split, window })),
  );
  return windows.map((window) => block(results, window, options)).join("\n\n");
}

function block(results: readonly Results[], window: Window, options: { split: Evaluation["split"] }): string {
  const place: EvaluationPlace = { split: options.split, window };
  const by = (name: AlgorithmName) => results.find((r) => r.algorithm === name);
  const k = results[0]?.k ?? 0;
  const anyone = results[0] && zeroShotOf(results[0], place);
  const people = anyone?.people.user.length ?? 0;
  const queries = anyone?.people.queries.reduce((sum, q) => sum + q.length, 0) ?? 0;
  const warning = fewPeopleWarning(people);
  const gru = by("gru");
  const baseline = gru && zeroShotOf(gru, place)?.metrics["accuracy@1"].value;

  const rows = [
    ["", "Acc@1", "Acc@1", "few-shot", "few-shot", "few-shot"],
    ["Method", "zero-shot", `few-shot (K=${k})`, "vs GRU", "Recall@10", "MRR"],
  ];
  for (const result of results) {
    const zero = zeroShotOf(result, place);
    const few = usesSupport(result, place) ? fewShotOf(result, place) : undefined;
    const best = few ?? zero;
    rows.push([
      algorithmTitle(result.algorithm),
      interval(zero?.metrics["accuracy@1"]),
      few ? interval(few.metrics["accuracy@1"]) : "–",
      few ? percent(improvementPercent(few.metrics["accuracy@1"].value, baseline)) : "–",
      best ? best.metrics["recall@10"].value.toFixed(4) : "–",
      best ? best.metrics.mrr.value.toFixed(4) : "–",
    ]);
  }
  const sgd = by("meta-sgd");
  const maml = by("maml");
  const delta = (of: typeof zeroShotOf) => {
    const a = sgd && of(sgd, place)?.metrics["accuracy@1"].value;
    const b = maml && of(maml, place)?.metrics["accuracy@1"].value;
    return a === undefined || b === undefined ? "–" : signed(a - b, 4);
  };
  const tail = sgd && maml ? [["Δ (Meta-SGD − MAML)", delta(zeroShotOf), delta(fewShotOf), "", "", ""]] : [];
  const widths = rows[0]!.map((_, column) => Math.max(...[...rows, ...tail].map((row) => row[column]!.length)));
  const line = (row: string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd();
  const rule = "─".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [
    `${options.split === "test" ? "Test" : "Validation"}, ${windowTitles[window]} (${people} people, ${queries} queries)`,
    rule,
    ...rows.slice(0, 2).map(line),
    rule,
    ...rows.slice(2).map(line),
    ...(tail.length > 0 ? [rule, ...tail.map(line)] : []),
    ...(warning === null ? [] : [warning]),
  ].join("\n");
}

function interval(value: Interval | undefined): string {
  return value ? `${value.value.toFixed(4)} [${value.low.toFixed(3)}, ${value.high.toFixed(3)}]` : "–";
}

function percent(value: number | null): string {
  return value === null ? "–" : `${signed(value, 2)} %`;
}

function signed(value: number, digits: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;
}
