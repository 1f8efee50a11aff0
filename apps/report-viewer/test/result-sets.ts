import type { ComparableResults, NamedResults } from "@kshot/comparison";
import { isAdapting, isMetaLearner } from "@kshot/comparison";
import {
  type AlgorithmName,
  algorithmNames,
  askedMetric,
  type Interval,
  metricNames,
  type RankedQuery,
  recordOf,
  type Window,
} from "@kshot/contract";
import type { Clicks, Evaluation, Results, Swap } from "@kshot/contract/schemas";
import { askedMetricValue, bootstrapIntervals, randomStream } from "@kshot/metrics";

const k = 5;
const q = 3;
const items = 20;

/** How a synthetic results file differs from the others. */
interface Shape {
  readonly algorithm: AlgorithmName;
  readonly seed?: number;
  readonly people?: number;
  /** People of the split, including those with too few pairs. */
  readonly ofPeople?: number;
  readonly fingerprint?: string;
  /** Mean rate of embedding, GRU and output layer; one number if training changed none. */
  readonly rates?: readonly [number, number, number] | number;
  /** Whether the last window has the same queries as the first. */
  readonly short?: boolean;
  readonly config?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Metrics that `--metrics` asked for. */
  readonly metrics?: readonly string[];
  /** Whether the file has ranks by number of first pairs. */
  readonly clicks?: boolean;
  /** How many queries in 10 the method answers with own pairs and with pairs of other people; omitted: there is no swap. */
  readonly swap?: readonly [own: number, others: number];
  /** The gain from a person's other sessions; null if it could not be measured. */
  readonly personal?: Interval | null;
  /** Shift of the weights and losses of the stack; omitted: it is not a stack. */
  readonly stack?: number;
}

/** A results file as `kshot train` writes it, with synthetic ranks: complete, with the intervals of its queries. */
function made(shape: Shape): NamedResults {
  const {
    algorithm,
    seed = 42,
    people = 24,
    ofPeople = people,
    fingerprint = "a",
    rates,
    short = false,
    config,
  } = shape;
  const learner = isMetaLearner(algorithm);
  const steps = isAdapting(algorithm) ? [0, 2] : [0];
  const reads = ["session-knn", "item-knn", "recent", "gru-context", "ideal"].includes(algorithm);
  const entries = (["first", "last"] as const).flatMap((window) => [
    ...steps.map((step) => evaluation(shape, window, step, k)),
    ...(reads ? [evaluation(shape, window, 0, 0)] : []),
  ]);
  const alpha = learner ? alphaOf(rates ?? 0.05) : {};
  const results: ComparableResults = {
    schema: "kshot.results/1",
    algorithm,
    k,
    q,
    config: {
      seed,
      K: k,
      Q: q,
      gru_config: { hidden_dim: 16, ...config?.gru_config },
      gru_training: { batch_size: 8, ...config?.gru_training },
      metasgd_config: {
        num_inner_steps: 2,
        inner_lr_init: 0.05,
        lr_clipping: [0, 1],
        warm_start: null,
        ...config?.metasgd_config,
      },
      finetune_config: { rates: [0.1], ...config?.finetune_config },
    },
    data: {
      fingerprint: fingerprint.repeat(64),
      items: Array.from({ length: items }, (_, i) => `course-${i}`),
      people: { train: 100, val: 20, test: ofPeople },
    },
    evaluations: entries,
    ...(shape.clicks ? { clicks: (["first", "last"] as const).map((window) => clicksOf(shape, window)) } : {}),
    ...(shape.swap
      ? { swap: (["first", "last"] as const).map((window) => swapOf(shape, shape.swap ?? [0, 0], window)) }
      : {}),
    ...(shape.personal === undefined
      ? {}
      : { personal: { people: shape.personal === null ? 1 : people, queries: people * q, gain: shape.personal } }),
    ...(shape.stack === undefined ? {} : { stack: stackOf(shape.stack) }),
    history: {
      iteration: [],
      metaLoss: [],
      validation: [
        { iteration: 10, metrics: { "accuracy@1": 0.1, "recall@5": 0.2, "recall@10": 0.3, "ndcg@10": 0.2, mrr: 0.2 } },
      ],
      alpha: {},
    },
    alpha,
    test: { opened: 1 },
    volatile: {
      runId: `${algorithm} ${seed} ${fingerprint} ${JSON.stringify(config ?? {})}`,
      runTag: "20260101_000000",
      createdAt: "2026-01-01T00:00:00",
      command: "kshot train",
      paths: {},
      host: {},
      engine: "simd",
      build: "simd",
      workers: 1,
      secondsPerIteration: [],
    },
  };
  return { name: `${algorithm.replaceAll("-", "")}_K${k}_Q${q}.json`, results };
  function evaluation(own: Shape, window: Window, step: number, pairs: number): Evaluation {
    const ranks = ranksOf(own, own.short ? "first" : window, step, pairs);
    return {
      split: "test",
      window,
      k: pairs,
      steps: step,
      metrics: bootstrapIntervals(ranks, items, randomStream(seed, "bootstrap")),
      ...(own.metrics === undefined ? {} : { moreMetrics: moreMetrics(own.metrics, ranks, seed) }),
      people: {
        user: Array.from({ length: people }, (_, p) => `u${p}`),
        historyLength: Array.from({ length: people }, (_, p) => (window === "first" || short ? k : k + ((p * 7) % 30))),
        queries: ranks,
      },
    };
  }
}

/** Ranks after the first 0 … K pairs: all gain is from the first pair. */
function clicksOf(shape: Shape, window: Window): Clicks {
  const { people = 24 } = shape;
  const numbers = Array.from({ length: k + 1 }, (_, pairs) => pairs);
  const byNumber = numbers.map((pairs) =>
    ranksOf(shape, window, 2, k).map((own) =>
      own.map((query) => ({ ...query, higher: query.higher + (pairs === 0 ? 1 : 0) })),
    ),
  );
  const everyone = <T>(of: (person: number) => T) => Array.from({ length: people }, (_, p) => of(p));
  return {
    ...{ split: "test", window, steps: 2, k: numbers },
    before: everyone((p) => [p % items]),
    labels: everyone((p) => Array.from({ length: k }, (_, i) => (p + i) % items)),
    higher: byNumber.map((ranks) => ranks.map((own) => own.map(({ higher }) => higher))),
    tied: byNumber.map((ranks) => ranks.map((own) => own.map(({ tied }) => tied))),
    top: byNumber.map(() => everyone((p) => Array.from({ length: 5 }, (_, i) => (p + i) % items))),
  };
}

/** Own pairs against those of other people; every metric has the same values. */
function swapOf({ people = 24, seed = 42 }: Shape, [own, others]: readonly [number, number], window: Window): Swap {
  const draw = sequence(seed + (window === "first" ? 1 : 2));
  const found = (of: number) => Array.from({ length: people }, () => Number(10 * draw() < of));
  const [mine, theirs] = [found(own), found(others)];
  const lost = mine.reduce((sum, value, p) => sum + value - (theirs[p] ?? 0), 0) / people;
  return {
    ...{ split: "test", window, k, steps: 2, draws: 5 },
    lost: recordOf(metricNames, () => ({ value: lost, low: lost - 0.1, high: lost + 0.1 })),
    people: {
      user: Array.from({ length: people }, (_, p) => `u${p}`),
      queries: Array.from({ length: people }, () => q),
      own: recordOf(metricNames, () => mine),
      others: recordOf(metricNames, () => theirs),
    },
  };
}

/** A stack of three experts, one without its own measurement, and the networks that were tried. */
function stackOf(shift: number): Results["stack"] {
  return {
    loss: 1.51237 + shift,
    examples: 1234,
    shares: [
      { name: "ease", weight: -0.0123 - shift, lossWithout: 1.51229 + shift },
      { name: "session-knn", weight: 0.65432 - shift, lossWithout: 1.59876 + shift },
      { name: "gru-context", weight: 0.25, lossWithout: null },
    ],
    leftOut: [{ name: "stan", loss: 1.51234 + shift }],
    network: {
      chosen: "gru-context",
      tried: [
        { name: "gru", loss: 1.61234, mrr: 0.30123 },
        { name: "gru-context", loss: 1.60123, mrr: 0.31234 },
        { name: null, loss: 1.7, mrr: 0.29 },
      ],
    },
  };
}

/** The requested metrics of ranks, and of lists that begin with one item for all people. */
function moreMetrics(names: readonly string[], ranks: RankedQuery[][], seed: number): Evaluation["moreMetrics"] {
  const lists = ranks.map((queries, p) => queries.map((_, i) => [0, (p + i) % items]));
  const information = Float64Array.from({ length: items }, (_, i) => 1 + i / 10);
  return Object.fromEntries(
    names.flatMap((name) => {
      const metric = askedMetric(name);
      const of = { ranks, nItems: items, lists, information };
      if (metric === undefined) return [];
      const { value, low, high, perPerson, listed } = askedMetricValue(metric, of, randomStream(seed, "bootstrap"));
      return [
        [
          name,
          {
            ...{ value, low, high },
            ...(perPerson ? { perPerson: [...perPerson] } : {}),
            ...(listed ? { listed: listed.map((own) => [...own]) } : {}),
          },
        ],
      ];
    }),
  );
}

/** Ranks that depend on algorithm, seed, window and steps, and get better with steps. */
function ranksOf(
  { algorithm, seed = 42, people = 24 }: Shape,
  window: Window,
  steps: number,
  pairs: number,
): RankedQuery[][] {
  const counted = ["popularity", "recent", "markov", "item-knn", "session-knn", "ideal"].includes(algorithm);
  const draw = sequence(
    algorithmNames.indexOf(algorithm) * 101 + (counted ? 0 : seed * 7) + (window === "first" ? 0 : 3) + pairs,
  );
  const skill = algorithm === "ideal" ? 4 : steps > 0 ? 2 : 1;
  return Array.from({ length: people }, (_, p) =>
    Array.from({ length: q }, (_, i) => ({
      label: (p + i) % items,
      seen: (p + i) % 3 === 0,
      higher: Math.floor(draw() ** skill * 8),
      tied: algorithm === "popularity" ? 1 : 0,
    })),
  );
}

/** Rates around each layer's mean; one number for all if training changed none. */
function alphaOf(rates: readonly [number, number, number] | number): ComparableResults["alpha"] {
  const fixed = typeof rates === "number";
  const [embedding, gru, output] = typeof rates === "number" ? [rates, rates, rates] : rates;
  const tensor = (mean: number) => {
    const matrix = Array.from({ length: 6 }, (_, r) =>
      [0, 1].map((c) => mean * (fixed ? 1 : 1 + 0.1 * ((r + c) % 2 === 0 ? 1 : -1))),
    );
    return { shape: [6, 2], histogram: { edges: [0, 1], counts: [12] }, atLow: 0, atHigh: 0, matrix };
  };
  return {
    "embedding.weight": tensor(embedding),
    "gru.weight_hh_l0": tensor(gru),
    "fc.weight": tensor(output),
    ...(embedding === 0 ? { "fc.bias": { ...tensor(1), shape: [6, 2] } } : {}),
  };
}

function sequence(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

const plain = { algorithm: "gru" } as const;
const learner = { algorithm: "meta-sgd", rates: [0.12, 0.04, 0.08] } as const;

const inRun = (label: string, named: NamedResults): NamedResults => ({ ...named, label });

/** Sixteen sets of results for the terminal and the page. */
export const resultSets: Readonly<Record<string, () => NamedResults[]>> = {
  "one result": () => [made(learner)],
  "five results": () => [
    made({ algorithm: "popularity" }),
    made(plain),
    made({ algorithm: "maml" }),
    made(learner),
    made({ algorithm: "ideal" }),
  ],
  "every method, three seeds each": () =>
    algorithmNames.flatMap((algorithm) =>
      [1, 2, 3].map((seed) => made({ algorithm, seed, rates: algorithm === "meta-sgd" ? [0.12, 0.04, 0.08] : 0.05 })),
    ),
  "one person": () => [made({ ...plain, people: 1 }), made({ ...learner, people: 1 })],
  "rates that are equal": () => [made(plain), made({ ...learner, rates: [0.1, 0.1, 0.1] })],
  "rates of 0 except for one tensor": () => [made(plain), made({ ...learner, rates: [0, 0, 0] })],
  "two data sets": () => [made(plain), made({ ...learner, fingerprint: "b" })],
  "people with K + Q pairs and no more, few of the split": () => [
    made({ ...plain, short: true, people: 9, ofPeople: 40 }),
    made({ ...learner, short: true, people: 9, ofPeople: 40 }),
  ],
  "settings that are read and settings that are not": () => [
    made({ ...plain, seed: 1, config: { metasgd_config: { outer_lr: 0.1 } } }),
    made({ ...plain, seed: 2, config: { metasgd_config: { outer_lr: 0.2 } } }),
    made({ ...learner, seed: 1 }),
    made({ ...learner, seed: 2, config: { gru_config: { hidden_dim: 32 } } }),
    made({ ...learner, seed: 2, config: { metasgd_config: { num_inner_steps: 2, warm_start: "gru" } } }),
  ],
  "rates of .03, .02 and .05, and seeds that are partly the same": () => [
    ...[1, 2, 3].map((seed) => made({ ...plain, seed })),
    ...[2, 3, 4].map((seed) => made({ ...learner, seed, rates: [0.03, 0.02, 0.05] })),
    ...[7, 8].map((seed) => made({ algorithm: "markov", seed })),
  ],
  "metrics that were asked for, of lists for one of two": () => [
    made({ ...plain, metrics: ["recall@3"] }),
    made({ ...learner, metrics: ["recall@3", "coverage@2", "novelty@2"] }),
  ],
  "pairs of other people: a personal part, and the gain from other sessions": () => [
    made({ ...plain, personal: { value: 0.0181, low: 0.0072, high: 0.0283 } }),
    made({ ...learner, swap: [8, 3] }),
    made({ algorithm: "maml", swap: [5, 5] }),
  ],
  "pairs of other people, two seeds each, one session for each person": () =>
    [1, 2].flatMap((seed) => [
      made({ ...plain, seed, personal: null }),
      made({ ...learner, seed, swap: [4, 5] }),
      made({ algorithm: "maml", seed, ...(seed === 1 ? { swap: [6, 3] as const } : {}) }),
    ]),
  "ranks by number of clicks, two seeds each": () =>
    [1, 2].flatMap((seed) => [made({ ...plain, seed }), made({ ...learner, seed, clicks: true })]),
  "stacks of counts, and of counts and a network, two seeds each": () =>
    [1, 2].flatMap((seed) => [
      made({ ...plain, seed }),
      made({ algorithm: "mixture", seed, stack: 0 }),
      made({ algorithm: "hybrid", seed, stack: seed / 1000 }),
    ]),
  "a suite, whose runs have names": () =>
    [1, 2].flatMap((seed) => [
      inRun("plain", made({ ...plain, seed })),
      inRun("narrow", made({ ...learner, seed })),
      inRun("wide", made({ ...learner, seed, config: { gru_config: { hidden_dim: 32 } } })),
    ]),
};
