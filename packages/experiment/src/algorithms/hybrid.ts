import {
  chooseExpert,
  eliminateExperts,
  fitExperts,
  fitRows,
  itemsRepeat,
  type LeftOutExpert,
  logSoftmax,
  type Mixture,
  type NamedCountModel,
  openMixture,
  type Row,
  seenFeatures,
  stackRow,
  type TriedExpert,
} from "@kshot/baselines";
import { algorithmTitle, type NetworkName } from "@kshot/comparison";
import { type DataSet, entryAt, interruptedError, onlyEntry, type ParameterVector } from "@kshot/contract";
import type { Config, Results } from "@kshot/contract/schemas";
import { randomStream } from "@kshot/metrics";
import { ensembleScores } from "@kshot/recommend";
import { isConvincing, networkScorer, queryExamples, type StackedNetworkInUse } from "../evaluation/index.js";
import type { Progress } from "../progress.js";
import { stackFacts } from "./count-models.js";
import { mostItems, type StackPerson, stackPeople } from "./stack-people.js";

/** A trained network that may join the counting experts. */
export interface HybridCandidate extends StackedNetworkInUse {
  readonly algorithm: NetworkName;
  /** The network's settings, if some were chosen for it; if omitted, the run's. */
  readonly config?: Pick<Config, "metasgd_config">;
  /** Whether it was trained on the scores of the counts (`trainOnCounts`). */
  readonly onCounts?: boolean;
  /** How often its training was validated: each is a look at the people who decide whether it is kept. Left out: once. */
  readonly looks?: number;
  /** Weights of the mixture of its offsets, for the model file; left out: its steps have none. */
  readonly offsetWeights?: readonly number[];
}

/** Networks of other seeds, which read what the stack's network reads. */
export interface HybridEnsemble extends Pick<HybridCandidate, "engine" | "rules"> {
  readonly thetas: readonly ParameterVector[];
}

/** A stack of counting experts and a network. */
export interface LearnedHybrid {
  /** The counting experts that the stack needs, and all weights; the networks' log-probabilities are passed with each query. */
  readonly mixture: Mixture;
  readonly network: HybridCandidate;
  /** Networks of other seeds, one more expert after the network; empty if none were trained or kept. */
  readonly ensemble: readonly ParameterVector[];
  /** All counting experts, also those that `mixture` leaves out, with the counts of all train people. */
  readonly counting: readonly NamedCountModel[];
  readonly facts: Pick<Results, "stack">;
  /** The choice, in words. */
  readonly effort: string;
}

/** Title of a network that was trained on the scores of the counts. */
export function onCountsTitle(algorithm: NetworkName): string {
  return `${algorithmTitle(algorithm)} on the counts`;
}

/** The ensemble's name among the experts of a stack. */
const ensembleExpert = "ensemble";

/** A candidate's name among the experts of a stack. */
function expertName({ algorithm, onCounts = false }: HybridCandidate): string {
  return onCounts ? onCountsTitle(algorithm) : algorithm;
}

/**
 * `hybrid`: the experts of `mixture` and one of the run's networks. The weights are fitted by maximum likelihood on the
 * validation people's pairs after the support pairs that a network reads or adapts to, as when it is used. The network is the one
 * with the lowest cross-fitted loss (`chooseExpert`). A network that was trained on the scores of the counts replaces it only for a
 * gain that is significant for the number of validations of these trainings. Networks of other seeds are added to it, as one more
 * expert, for a smaller loss. A count that searches neighbours is left out if the loss grows by at most .001 without it: a
 * recommendation then takes less time.
 *
 * @throws `INTERRUPTED` when `signal` fires
 */
export async function learnHybrid(
  data: DataSet,
  candidates: readonly HybridCandidate[],
  {
    onCounts,
    ensemble,
    ...options
  }: HybridOptions & {
    /** Trains networks on the scores of the counts, given the stack without them; if omitted, there are none. */
    readonly onCounts?: ((start: LearnedHybrid) => Promise<readonly HybridCandidate[]>) | undefined;
    /** Trains networks of other seeds that read what the stack's network reads; if omitted, there are none. */
    readonly ensemble?: ((start: LearnedHybrid) => Promise<HybridEnsemble>) | undefined;
  },
): Promise<LearnedHybrid> {
  const counting = fitExperts(data.train.pairs, data.items.length);
  if (onCounts === undefined && ensemble === undefined) return fitHybrid(data, counting, { candidates }, options);
  const start = await fitHybrid(data, counting, { candidates }, { ...options, isFinal: false });
  // The choice among the run's networks stays: the others were trained for what it reads, and the sampled normaliser of the second fit differs.
  const more = {
    candidates: [...candidates, ...((await onCounts?.(start)) ?? [])],
    ensemble: await ensemble?.(start),
    chosen: start.network,
  };
  return fitHybrid(data, counting, more, options);
}

interface HybridOptions {
  readonly seed: number;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
  /**
   * Whether the stack is the one that is kept. Only then are experts that it does not need left out and each expert's share computed.
   * Default true.
   */
  readonly isFinal?: boolean;
}

/** Networks of a stack. */
interface HybridNetworks {
  /** Networks of which one is kept. */
  readonly candidates: readonly HybridCandidate[];
  /** Further networks, which are kept together or not at all. */
  readonly ensemble?: HybridEnsemble | undefined;
  /** The candidate that an earlier fit has chosen, of those that were not trained on the counts; if omitted, none. */
  readonly chosen?: HybridCandidate;
}

/** Fits the stack of the counting experts, one of the candidates, and the ensemble if it helps. */
async function fitHybrid(
  data: DataSet,
  counting: readonly NamedCountModel[],
  networks: HybridNetworks,
  { seed, progress, signal, isFinal = true }: HybridOptions,
): Promise<LearnedHybrid> {
  const { candidates, ensemble, chosen } = networks;
  const counts = counting.map(({ name }) => name);
  const names = candidates.map(expertName);
  const experts = [...counts, ...names, ...(ensemble === undefined ? [] : [ensembleExpert])];
  const people = stackPeople(data);
  const stage = algorithmTitle("hybrid");
  progress({ type: "stage", stage, total: people.length, unit: "validation person" });
  const options = {
    // Known from the train pairs: if items follow themselves, the last item of a history is not excluded.
    repeats: itemsRepeat(data.train.pairs),
    mostItems: mostItems(people, experts.length),
    random: randomStream(seed, "hybrid/normaliser"),
  };
  const logitsOf = logitsOfNetworks(networks);
  const rows: Row[] = [];
  const person: number[] = [];
  for (const [p, own] of people.entries()) {
    if (signal?.aborted) throw interruptedError({ found: "fitting the weights was stopped" });
    const { support, query } = own;
    const logits = await logitsOf(own);
    query.sequences.forEach((history, row) => {
      const [begin, end] = [row * data.items.length, (row + 1) * data.items.length];
      const logProbabilities = [
        ...counting.map((expert) => expert.logProbabilities(history, support)),
        ...logits.map((values) => logSoftmax(new Float64Array(values.subarray(begin, end)))),
      ];
      const seen = seenFeatures(history, support);
      const last = entryAt(history, history.length - 1);
      rows.push(stackRow(experts, { logProbabilities, seen, last, label: entryAt(query.labels, row) }, options));
      person.push(p);
    });
    progress({ type: "step", stage, done: p + 1, figures: {} });
  }
  const { tried } = chooseExpert(experts, names, rows, person, { among: counts });
  const network = chosenNetwork(candidates, tried, { person, seed, chosen });
  const single = [...counts, expertName(network)];
  const more = ensemble && triedEnsemble(chooseExpert(experts, [ensembleExpert], rows, person, { among: single }));
  const kept = more?.kept === true ? (ensemble?.thetas ?? []) : [];
  const among = kept.length === 0 ? single : [...single, ensembleExpert];
  // The offsets of a network's steps are a mixture of all counts.
  const mayLeaveOut = isFinal && network.offsetWeights === undefined;
  const elimination = mayLeaveOut
    ? eliminateExperts(experts, rows, { among, candidates: slowCounts, mostGrowth })
    : { kept: among, leftOut: [] };
  const fitted = fitRows(experts, rows, { among: elimination.kept, repeats: options.repeats, withShares: isFinal });
  const { leftOut } = elimination;
  return {
    mixture: openMixture(
      "hybrid",
      counting.filter(({ name }) => fitted.experts.includes(name)),
      fitted,
    ),
    network,
    ensemble: kept,
    counting,
    facts: {
      stack: {
        ...stackFacts(fitted),
        ...(leftOut.length === 0 ? {} : { leftOut: leftOut.map((own) => ({ ...own })) }),
        network: {
          chosen: network.algorithm,
          ...(network.onCounts === true ? { onCounts: true } : {}),
          tried: tried.map(({ name, loss: heldOut, mrr }) => {
            const own = candidates.find((candidate) => expertName(candidate) === name);
            const mark = own?.onCounts === true ? { onCounts: true } : {};
            return { name: own?.algorithm ?? null, ...mark, loss: heldOut, mrr };
          }),
          ...(more && ensemble ? { ensemble: { networks: ensemble.thetas.length, ...more } } : {}),
        },
      },
    },
    effort: `${algorithmTitle(expertName(network))} kept, of ${networksInWords(candidates)} tried${ensembleInWords(ensemble, kept)}${leftOutInWords(leftOut)}; ${fitted.weights.length} weights fitted on ${fitted.examples} validation pairs`,
  };
}

/** The logits of a person's queries by each candidate, then by the ensemble, each `[queries, nItems]`. */
function logitsOfNetworks({ candidates, ensemble }: HybridNetworks) {
  const scorers = candidates.map((candidate) => ({ scorer: networkScorer(candidate), steps: stepsOf(candidate) }));
  return async (person: StackPerson): Promise<(Float32Array | Float64Array)[]> => {
    const logits = await Promise.all(
      scorers.map(async ({ scorer, steps }) => onlyEntry(onlyEntry(await scorer.scores([person], [steps]))).values),
    );
    if (ensemble === undefined) return logits;
    const { engine, thetas, rules } = ensemble;
    return [...logits, onlyEntry(await ensembleScores(engine, thetas, [queryExamples(person, rules)]))];
  };
}

/** Least gain in held-out loss, in nats per pair, for which a model holds an ensemble. */
const leastGain = 0.001;

/** Largest growth of the fitted loss, in nats per pair, for which a slow count is left out. */
const mostGrowth = 0.001;

/** Counts that search neighbours: they take most of the time that the counts add to a recommendation. */
const slowCounts = ["sequence-knn", "stan"];

/**
 * The figures of a stack with the ensemble, which is kept for a smaller held-out loss than that of the stack without it, as the network is.
 * A test of significance would often leave it out where a single network is good by chance.
 */
function triedEnsemble({ tried }: { readonly tried: readonly TriedExpert[] }): {
  readonly kept: boolean;
  readonly loss: number;
  readonly mrr: number;
} {
  const [without, withIt] = [entryAt(tried, 0), entryAt(tried, 1)];
  const { loss, mrr } = withIt;
  return { kept: loss <= without.loss - leastGain, loss, mrr };
}

/**
 * The network with the lowest held-out loss; one that was trained on the scores of the counts, in their order, only if the
 * validation people's gain over the network kept so far is significant and their MRR is not lower.
 */
function chosenNetwork(
  candidates: readonly HybridCandidate[],
  tried: readonly TriedExpert[],
  {
    person,
    seed,
    chosen,
  }: { readonly person: readonly number[]; readonly seed: number; readonly chosen: HybridCandidate | undefined },
): HybridCandidate {
  const triedOf = (candidate: HybridCandidate) => onlyEntry(tried.filter(({ name }) => name === expertName(candidate)));
  const plain = candidates.filter(({ onCounts }) => onCounts !== true);
  const onCounts = candidates.filter((candidate) => candidate.onCounts === true);
  const looks = onCounts.reduce((sum, candidate) => sum + (candidate.looks ?? 1), 0);
  let kept =
    chosen ??
    entryAt(
      plain.toSorted((a, b) => triedOf(a).loss - triedOf(b).loss),
      0,
    );
  for (const candidate of onCounts) {
    if (isClearlyBetter(triedOf(candidate), triedOf(kept), person, { looks, seed })) kept = candidate;
  }
  return kept;
}

/**
 * Whether a network's held-out loss is smaller by sign flips of people, for a number of looks at them, and its MRR is not lower: a
 * smaller loss with a lower MRR does not rank better.
 */
export function isClearlyBetter(
  candidate: Pick<TriedExpert, "losses" | "mrr">,
  kept: Pick<TriedExpert, "losses" | "mrr">,
  person: readonly number[],
  options: { readonly looks: number; readonly seed: number },
): boolean {
  const likelihoods = ({ losses }: Pick<TriedExpert, "losses">) => meansOf(losses, person).map((loss) => -loss);
  return candidate.mrr >= kept.mrr && isConvincing(likelihoods(candidate), likelihoods(kept), options);
}

/** The fate of the ensemble: `, and an ensemble of 4 GRUs of other seeds`. */
function ensembleInWords(tried: HybridEnsemble | undefined, kept: readonly ParameterVector[]): string {
  if (tried === undefined) return "";
  const networks = `${tried.thetas.length} ${tried.thetas.length === 1 ? "GRU" : "GRUs"} of other seeds`;
  return kept.length > 0 ? `, and an ensemble of ${networks}` : `; an ensemble of ${networks} has no gain`;
}

/** The counts that the stack does not need: `; STAN and Sequence-kNN left out`. */
function leftOutInWords(leftOut: readonly LeftOutExpert[]): string {
  return leftOut.length === 0 ? "" : `; ${leftOut.map(({ name }) => algorithmTitle(name)).join(" and ")} left out`;
}

/** The number of candidates: `5 networks, 2 of them trained on the counts`. */
function networksInWords(candidates: readonly HybridCandidate[]): string {
  const onCounts = candidates.filter((candidate) => candidate.onCounts === true).length;
  const all = `${candidates.length} ${candidates.length === 1 ? "network" : "networks"}`;
  return onCounts === 0 ? all : `${all}, ${onCounts} of them trained on the counts`;
}

/** The mean of each person's values. */
function meansOf(values: Float64Array, person: readonly number[]): number[] {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [row, own] of person.entries()) {
    const { sum, count } = sums.get(own) ?? { sum: 0, count: 0 };
    sums.set(own, { sum: sum + entryAt(values, row), count: count + 1 });
  }
  return [...sums.values()].map(({ sum, count }) => sum / count);
}

/** Number of gradient steps of a network in a stack. */
function stepsOf({ alpha, rules }: HybridCandidate): number {
  return alpha === null ? 0 : rules.innerSteps;
}
