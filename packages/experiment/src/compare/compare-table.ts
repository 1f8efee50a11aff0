import { type Interval, type MetricName, metricNames } from "@kshot/contract";
import { isNetwork } from "../algorithm-table.js";
import { windowTitles } from "../comparison-table.js";
import { textTable } from "../text-table.js";
import type { ComparedMethod, ComparedWindow, Comparison, Difference } from "./compare.js";

const metricTitles: Readonly<Record<MetricName, string>> = {
  "accuracy@1": "Acc@1",
  "recall@5": "Recall@5",
  "recall@10": "Recall@10",
  "ndcg@10": "NDCG@10",
  mrr: "MRR",
};

/** A comparison as text: per window the figures, the differences, what the support pairs add, and the breakdown. */
export function compareTable(comparison: Comparison): string {
  return comparison.windows.map((window) => windowText(window, comparison)).join("\n\n\n");
}

function windowText(compared: ComparedWindow, { split, reference, metric, k, q }: Comparison): string {
  const { window, people, ofPeople, queries, methods } = compared;
  const chosen = metricTitles[metric];
  const seeds = Math.max(...methods.map((method) => method.seeds.length));
  const blocks = [
    [
      `${split === "test" ? "Test" : "Validation"}, ${windowTitles[window]} (${people} people, ${queries} queries; ${seeds === 1 ? "one seed" : `${seeds} seeds`})`,
      ...(people < ofPeople
        ? [`${people} of ${ofPeople} people have the K + Q = ${k + q} pairs; the others are left out.`]
        : []),
      ...(compared.warning === null ? [] : [`${compared.warning}.`]),
      textTable([
        ["Method, with the support pairs", "seeds", ...metricNames.map((name) => metricTitles[name])],
        ...methods.map((method) => [
          method.name,
          String(method.seeds.length),
          ...metricNames.map((name) => interval(method.fewShot[name])),
        ]),
      ]),
    ],
    [
      `Difference to ${reference}, ${chosen}: mean over seeds of each person's, 95 % interval over people`,
      textTable([
        [
          "Method",
          "difference",
          "each seed",
          "SD",
          "p",
          "p (Holm)",
          ...(hasIdeal(compared) ? ["of the ideal gain"] : []),
        ],
        ...methods.flatMap((method) =>
          method.difference === null
            ? []
            : [
                [
                  method.name,
                  ...differenceCells(method.difference[metric]),
                  probability(method.p),
                  probability(method.pHolm),
                  ...(hasIdeal(compared)
                    ? [
                        method.ofIdealGain === null
                          ? "–"
                          : `${(100 * method.ofIdealGain).toFixed(0).replace("-", "−")} %`,
                      ]
                    : []),
                ],
              ],
        ),
      ]),
      ...seedsLeftOut(compared),
    ],
  ];
  if (methods.some((method) => method.gain)) {
    blocks.push([
      `What the support pairs add, ${chosen}: few-shot minus the same method without them`,
      textTable([
        ["Method", "zero-shot", "few-shot", "gain", "each seed", "SD"],
        ...methods.flatMap((method) =>
          method.gain === null
            ? []
            : [
                [
                  method.name,
                  method.zeroShot![metric].value.toFixed(4),
                  method.fewShot[metric].value.toFixed(4),
                  ...differenceCells(method.gain[metric]),
                ],
              ],
        ),
      ]),
    ]);
  }
  if (compared.groups.length > 0) {
    blocks.push([
      `For whom: ${chosen}, and difference to ${reference}`,
      textTable([
        ["Method", ...compared.groups.map(({ name, queries: count }) => `${name} (${count})`)],
        ...methods.map((method) => [
          method.name,
          ...method.groups.map(
            ({ value, difference }) =>
              `${value.value.toFixed(3)}${difference === null ? "" : ` ${signed(difference.value, 3)} [${signed(difference.low, 3)}, ${signed(difference.high, 3)}]`}`,
          ),
        ]),
      ]),
    ]);
  }
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}

/** Which trainings have no partner of their seed; a method that no seed changes needs none. */
function seedsLeftOut({ methods }: ComparedWindow): string[] {
  const reference = methods.find(({ difference }) => difference === null);
  const used = (method: ComparedMethod) => method.difference?.["accuracy@1"].seeds ?? [];
  const lacks = (seeds: readonly number[], { algorithm, seeds: all }: ComparedMethod) =>
    isNetwork(algorithm) && all.some((seed) => !seeds.includes(seed));
  return methods.flatMap((method) =>
    method.difference !== null && (lacks(used(method), method) || (reference && lacks(used(method), reference)))
      ? [`${method.name}: paired by the seeds in common, ${used(method).join(", ")}.`]
      : [],
  );
}

function hasIdeal({ methods }: ComparedWindow): boolean {
  return methods.some((method) => method.ofIdealGain !== null);
}

function interval({ value, low, high }: Interval): string {
  return `${value.toFixed(4)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

function differenceCells({ value, low, high, bySeed, seedDeviation }: Difference): string[] {
  return [
    `${signed(value, 4)} [${signed(low, 3)}, ${signed(high, 3)}]`,
    bySeed.map((each) => signed(each, 3)).join(" "),
    seedDeviation === null ? "–" : seedDeviation.toFixed(4),
  ];
}

function probability(p: number | null): string {
  return p === null ? "–" : p < 0.001 ? p.toFixed(4) : p.toFixed(3);
}

function signed(value: number, digits: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;
}
