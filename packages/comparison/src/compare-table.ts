import type { MeasuredName, MetricName } from "@kshot/contract";
import { adviceLines } from "./advice.js";
import { isSeeded } from "./algorithms.js";
import { answerOf, answerText } from "./answer.js";
import { type AdvisedWindow, type Comparison, metricsShown } from "./compare.js";
import { type ComparedMethod, type ComparedWindow, type Difference, isCoverage } from "./compare-window.js";
import { familyInWords } from "./family.js";
import { type PersonalVerdict, signalSentences } from "./personal-signal.js";
import { type Table, textTable } from "./text-table.js";
import { trainingNoiseInWords } from "./training-noise.js";
import { figure, signed, signedWithInterval, titleOfMetric, windowTitles, withInterval } from "./words.js";

/**
 * The tables of one window, below the advice: the figures, the differences, the gain from the support pairs, and the groups of
 * queries.
 */
export function compareTables<Name extends MeasuredName>(
  compared: AdvisedWindow<Name | MetricName>,
  comparison: Comparison<Name | MetricName>,
): Table[] {
  const { split, reference, metric, k, q, sameWindows } = comparison;
  const { window, people, queries, methods } = compared;
  const chosen = titleOfMetric(metric);
  const shown = metricsShown(metric);
  const seeds = Math.max(...methods.map((method) => method.seeds.length));
  const counted = `${people} people, ${queries} queries; ${seeds === 1 ? "one seed" : `${seeds} seeds`}`;
  const answer = answerOf(compared, { ...comparison, place: { split, window } });
  const tables: Table[] = [
    {
      title: [
        `${windowHeading(split, window, sameWindows)} (${counted})`,
        ...(compared.advice === null ? [] : adviceLines(compared.advice)),
        ...windowNotes(compared, k + q, compared.personal),
        ...(answer === null ? [] : [answerText(answer), answer.verdict]),
      ],
      head: [["Method, with the support pairs", "seeds", ...shown.map((name) => titleOfMetric(name))]],
      rows: methods.map((method) => [
        method.name,
        String(method.seeds.length),
        ...shown.map((name) => withInterval(method.fewShot[name])),
      ]),
    },
    {
      title: [
        `Difference to ${reference}, ${chosen}: mean over seeds${isCoverage(metric) ? "" : " of each person's"}, 95 % interval over people${seeds === 1 || isCoverage(metric) ? "" : " and seeds"}`,
        ...testLines(compared),
      ],
      head: [
        [
          "Method",
          "difference",
          "each seed",
          "SD",
          "p",
          "p (Holm)",
          ...(hasIdeal(compared) ? ["of the ideal gain"] : []),
        ],
      ],
      rows: methods.flatMap((method) =>
        method.difference === null
          ? []
          : [
              [
                method.name,
                ...differenceCells(method.difference[metric]),
                probability(method.p),
                probability(method.pHolm),
                ...(hasIdeal(compared) ? [share(method.ofIdealGain)] : []),
              ],
            ],
      ),
      notes: [...seedsLeftOut(compared), ...cautions(compared, metric)],
    },
  ];
  if (methods.some((method) => method.gain)) {
    tables.push({
      title: [`Gain from the support pairs, ${chosen}: few-shot minus zero-shot of the same method`],
      head: [["Method", "zero-shot", "few-shot", "gain", "each seed", "SD"]],
      rows: methods.flatMap((method) =>
        method.gain === null || method.zeroShot === null
          ? []
          : [
              [
                method.name,
                figure(method.zeroShot[metric].value, 4),
                figure(method.fewShot[metric].value, 4),
                ...differenceCells(method.gain[metric]),
              ],
            ],
      ),
    });
  }
  if (compared.groups.length > 0) {
    tables.push({
      title: [`By group of queries: ${chosen}, and difference to ${reference}`],
      head: [["Method", ...compared.groups.map(({ name, queries: count }) => `${name} (${count})`)]],
      rows: methods.map((method) => [
        method.name,
        ...method.groups.map(
          ({ value, difference }) =>
            `${figure(value.value)}${difference === null ? "" : ` ${signedWithInterval(difference, 3)}`}`,
        ),
      ]),
    });
  }
  return tables;
}

/** A comparison as text, by window; windows of the same queries are shown once. */
export function compareTable<Name extends MeasuredName>(comparison: Comparison<Name | MetricName>): string {
  const shown = comparison.sameWindows ? comparison.windows.slice(0, 1) : comparison.windows;
  return shown
    .map((window) =>
      compareTables(window, comparison)
        .map((table) => textTable(table))
        .join("\n\n"),
    )
    .join("\n\n\n");
}

/** How many people of the split have the pairs that an evaluation needs; empty if all have them. */
export function peopleLeftOut(
  { people, ofPeople }: { readonly people: number; readonly ofPeople: number },
  pairs: number,
): string[] {
  return people < ofPeople
    ? [`${people} of ${ofPeople} people have the K + Q = ${pairs} pairs; the other people are not evaluated.`]
    : [];
}

/** The heading of a window's tables: split, window, and its pairs. */
export function windowHeading(split: Comparison["split"], window: ComparedWindow["window"], same: boolean): string {
  const people = split === "test" ? "Test" : "Validation";
  return same
    ? `${people}, window \`first\` and window \`last\`, which are the same: the people have K + Q pairs and no more`
    : `${people}, window \`${window}\`: ${windowTitles[window]}`;
}

/**
 * Names methods with trainings that no training of the same seed is paired with. Methods that do not depend on the seed are not
 * named.
 */
function seedsLeftOut<Name extends MeasuredName>({ methods }: ComparedWindow<Name | MetricName>): string[] {
  const reference = methods.find(({ difference }) => difference === null);
  const used = (method: ComparedMethod<Name | MetricName>) => method.difference?.["accuracy@1"].seeds ?? [];
  const lacks = (seeds: readonly number[], { algorithm, seeds: all }: ComparedMethod<Name | MetricName>) =>
    isSeeded(algorithm) && all.some((seed) => !seeds.includes(seed));
  return methods.flatMap((method) =>
    method.difference !== null && (lacks(used(method), method) || (reference && lacks(used(method), reference)))
      ? [`${method.name}: paired by the seeds in common, ${used(method).join(", ")}.`]
      : [],
  );
}

/**
 * Statements about all figures of a window, as sentences: people who are excluded or too few, whether intervals include training
 * noise, and whether there is a personal signal.
 *
 * @param pairs number K + Q of pairs that an episode needs
 * @param personal from `personalOf`
 */
export function windowNotes<Name extends MeasuredName>(
  compared: ComparedWindow<Name>,
  pairs: number,
  personal: PersonalVerdict | null,
  {
    swaps = true,
  }: {
    /** Whether the swap of each method is written out; false where a figure shows them. */
    readonly swaps?: boolean;
  } = {},
): string[] {
  return [
    ...peopleLeftOut(compared, pairs),
    ...(compared.warning === null ? [] : [`${compared.warning}.`]),
    ...trainingNoiseLines(compared),
    ...(personal === null
      ? []
      : [personal.sentence, ...(swaps ? personal.evidence : signalSentences(personal.signal))]),
  ];
}

/** Whether the intervals include the variation between trainings; one sentence for all trained methods. */
function trainingNoiseLines<Name extends MeasuredName>({ methods }: ComparedWindow<Name>): string[] {
  const found = new Set(methods.map(({ trainingNoise }) => trainingNoise));
  const line = trainingNoiseInWords(found.has("left out") ? "left out" : found.has("included") ? "included" : "none");
  return line === null ? [] : [line];
}

/** The family of the corrected p-values. */
function testLines({ family }: Pick<ComparedWindow, "family">): string[] {
  const words = familyInWords(family);
  return words === null ? [] : [`p (Holm): corrected over ${words}.`];
}

/** The intervals that are not safe by the simulation, if the window's own warning does not cover them. */
function cautions<Name extends MeasuredName>({ methods, warning }: ComparedWindow<Name>, metric: Name): string[] {
  if (warning !== null) return [];
  const found = methods.flatMap(({ name, difference }) => {
    const caution = difference?.[metric].caution ?? null;
    return caution === null ? [] : [`${name}: ${caution}.`];
  });
  return found;
}

function hasIdeal<Name extends MeasuredName>({ methods }: ComparedWindow<Name>): boolean {
  return methods.some((method) => method.ofIdealGain !== null);
}

function differenceCells(difference: Difference): string[] {
  const { bySeed, seedDeviation } = difference;
  return [
    signedWithInterval(difference),
    bySeed.map((each) => signed(each)).join(" "),
    seedDeviation === null ? "–" : figure(seedDeviation, 4),
  ];
}

function share(value: number | null): string {
  return value === null ? "–" : `${(100 * value).toFixed(0).replace("-", "−")} %`;
}

function probability(p: number | null): string {
  return p === null ? "–" : p < 0.001 ? p.toFixed(4) : p.toFixed(3);
}
