import { algorithmTitle } from "./algorithms.js";
import type { Method } from "./methods.js";
import { mean } from "./person-metrics.js";
import type { ComparableResults } from "./results.js";
import { figure, whole } from "./words.js";

/** The value of one expert of a stack. */
export interface ExpertShare {
  readonly name: string;
  /** Its weight in the stack, mean over seeds. */
  readonly weight: number;
  /** The loss on the validation pairs without it minus the loss with it, mean over seeds, in nats; null if it was not measured. */
  readonly worth: number | null;
  readonly worthBySeed: readonly number[];
}

/** Titles of experts that are not methods by themselves. */
const expertTitles: Readonly<Record<string, string>> = {
  "markov-1": "Markov, first order",
  "markov-2": "Markov, two orders",
  "cross-session-pmi": "Items of other sessions (PMI)",
  ensemble: "Ensemble of GRUs",
};

/** The heading of the networks that were tried. */
export const triedTitle =
  "Networks tried in the stack, with loss and MRR on validation people held out from the fit; one on the counts is kept only for a significant gain, the ensemble for a smaller loss";

/** The heading of the counts that were left out. */
export const leftOutTitle = "Left out to save time, because the loss hardly grows without them";

/** The experts of a stacked method. */
export interface ExpertShares {
  readonly method: Method;
  /** Loss of the whole stack: mean −log p on the validation pairs, mean over seeds. */
  readonly loss: number;
  readonly examples: number;
  /** `Weights fitted on 200 validation pairs, loss 1.5000 (mean −log p)` */
  readonly fit: string;
  /**
   * Each network that was tried as an expert, with loss and MRR on the validation people held out from the fit: `Plain GRU (kept): loss 1.4000,
   * MRR 0.3000`; of the first seed.
   */
  readonly tried: readonly string[];
  /**
   * The counts that the stack does not need, most often left out first: `STAN; Sequence-kNN (1 of 3 runs)`; empty: none.
   */
  readonly leftOut: string;
  /** The most valuable first. The value of an expert that only some seeds have is the mean over those seeds. */
  readonly experts: readonly ExpertShare[];
}

/** The value of each expert of every stack: the loss without it minus the loss with it. Empty without a stack. */
export function expertSharesOf(methods: readonly Method[]): ExpertShares[] {
  return methods.flatMap((method): ExpertShares[] => {
    const stacks = method.files.flatMap(({ results }) => results.stack ?? []);
    const [first] = stacks;
    if (first === undefined || stacks.length < method.files.length) return [];
    const names = [...new Set(stacks.flatMap(({ shares }) => shares.map(({ name }) => name)))];
    const experts = names.map((name): ExpertShare => {
      const own = stacks.flatMap(({ loss, shares }) =>
        shares.flatMap((share) => (share.name === name ? [{ ...share, loss }] : [])),
      );
      const worthBySeed = own.flatMap(({ loss, lossWithout }) => (lossWithout === null ? [] : [lossWithout - loss]));
      return {
        name: expertTitle(name),
        weight: mean(own.map(({ weight }) => weight)),
        worth: worthBySeed.length === 0 ? null : mean(worthBySeed),
        worthBySeed,
      };
    });
    experts.sort((a, b) => (b.worth ?? Number.NEGATIVE_INFINITY) - (a.worth ?? Number.NEGATIVE_INFINITY));
    const loss = mean(stacks.map((stack) => stack.loss));
    const fit = `Weights fitted on ${whole(first.examples)} validation pairs, loss ${figure(loss, 4)} (mean −log p)`;
    return [
      { method, loss, examples: first.examples, fit, tried: triedNetworks(first), leftOut: leftOutOf(stacks), experts },
    ];
  });
}

function expertTitle(name: string): string {
  return expertTitles[name] ?? algorithmTitle(name);
}

/** The experts that were left out of the stacks of several runs. */
function leftOutOf(stacks: readonly NonNullable<ComparableResults["stack"]>[]): string {
  const times = new Map<string, number>();
  for (const { leftOut = [] } of stacks) for (const { name } of leftOut) times.set(name, (times.get(name) ?? 0) + 1);
  return [...times]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) =>
      count === stacks.length ? expertTitle(name) : `${expertTitle(name)} (${count} of ${stacks.length} runs)`,
    )
    .join("; ");
}

/** The networks that were tried as an expert, the kept one marked, and the stack without a network. */
function triedNetworks({ network }: NonNullable<ComparableResults["stack"]>): string[] {
  const tried = network?.tried ?? [];
  const ensemble = network?.ensemble;
  const alone = tried.find(({ name }) => name === null);
  return [
    ...tried.flatMap(({ name, onCounts = false, loss, mrr }) =>
      name === null
        ? []
        : [
            `${algorithmTitle(name)}${onCounts ? " on the counts" : ""}${name === network?.chosen && onCounts === (network.onCounts ?? false) ? " (kept)" : ""}: loss ${figure(loss, 4)}, MRR ${figure(mrr, 4)}`,
          ],
    ),
    ...(ensemble === undefined
      ? []
      : [
          `The kept network and an ensemble of ${ensemble.networks} GRUs of other seeds${ensemble.kept ? " (kept)" : ""}: loss ${figure(ensemble.loss, 4)}, MRR ${figure(ensemble.mrr, 4)}`,
        ]),
    ...(alone === undefined ? [] : [`Without a network: loss ${figure(alone.loss, 4)}, MRR ${figure(alone.mrr, 4)}`]),
  ];
}
