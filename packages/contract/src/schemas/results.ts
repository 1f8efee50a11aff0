import * as z from "zod";
import { algorithmNames } from "../algorithms.js";
import { askedMetric } from "../asked-metrics.js";
import { metricNames } from "../ranking.js";
import { recordOf } from "../records.js";
import { eventAccountSchema } from "./data-folder.js";
import { count, metrics, metricValues, sha256, share } from "./shared.js";

/** A list of one number per logged iteration. */
const series = z.array(z.number());

/** One query: the rank of its label. */
export const rankedQuery = z.strictObject({ label: count, seen: z.boolean(), higher: count, tied: count });

/** One evaluation: a split, a window, K support pairs, a number of inner steps (0: zero-shot). */
export const evaluation = z.strictObject({
  split: z.enum(["val", "test"]),
  window: z.enum(["first", "last"]),
  k: count,
  steps: count,
  /** The k pairs are the person's first support pairs; if omitted, the last before the query. */
  support: z.literal("first").optional(),
  metrics,
  /** Metrics of `--metrics`, with the values per person that a resampling of people needs. */
  moreMetrics: z
    .record(
      z.string().refine((name) => askedMetric(name) !== undefined, "a metric"),
      z.strictObject({
        value: z.number(),
        low: z.number(),
        high: z.number(),
        /** Mean over each person's queries; not for coverage. */
        perPerson: z.array(z.number()).optional(),
        /** The items that were listed for each person; only for coverage. */
        listed: z.array(z.array(count)).optional(),
      }),
    )
    .optional(),
  people: z.strictObject({
    user: z.array(z.string()),
    /** Number of pairs that the person has before the first query. */
    historyLength: z.array(count),
    queries: z.array(z.array(rankedQuery)),
    /** The last items of the person before the first query, newest last, at most 10. */
    history: z.array(z.array(count)).optional(),
    /** The five highest-ranked items at the first query, best first. */
    top: z.array(z.array(count)).optional(),
  }),
});

/**
 * The effect of a person's first 0, 1, 2 … support pairs, in compact form: people and labels are those of the evaluation of the
 * same split and window with all K pairs. Lists over k have the order of `k`; people and queries are in the order of that
 * evaluation.
 */
export const clicks = z.strictObject({
  split: z.enum(["val", "test"]),
  window: z.enum(["first", "last"]),
  /** Inner steps on the pairs; without a pair none is taken. */
  steps: count,
  /** Numbers of first pairs, ascending. */
  k: z.array(count),
  /** Items of each person before the first pair's label, newest last, at most 10 items: `[people][items]`. */
  before: z.array(z.array(count)),
  /** Labels of each person's support pairs, oldest first: `[people][K]`. */
  labels: z.array(z.array(count)),
  /** Items that score strictly higher than the label, `[k][people][queries]`. */
  higher: z.array(z.array(z.array(count))),
  /** Other items with exactly the label's score, `[k][people][queries]`. */
  tied: z.array(z.array(z.array(count))),
  /** The five highest-ranked items at the first query, best first, `[k][people][5]`. */
  top: z.array(z.array(z.array(count))),
});

/** A value of each metric, `[people]`. */
const byMetric = z.strictObject(recordOf(metricNames, () => series));

const signedInterval = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });

/**
 * The swap of one split and window: a person's own K support pairs against K pairs of other people, drawn at random. The lost
 * part of the gain is personal.
 */
export const swap = z.strictObject({
  split: z.enum(["val", "test"]),
  window: z.enum(["first", "last"]),
  k: count,
  /** Inner steps on the pairs, the same for both. */
  steps: count,
  /** Number of draws of other people's pairs. */
  draws: z.int().positive(),
  /** Number of people of the window if only some of them, evenly spaced, were evaluated; left out: all were. */
  of: count.optional(),
  /** With own pairs minus with others' pairs, with the 95 % interval over people. */
  lost: z.strictObject(recordOf(metricNames, () => signedInterval)),
  people: z.strictObject({
    user: z.array(z.string()),
    queries: z.array(count),
    /** Means over the person's queries; `others` over the draws too. */
    own: byMetric,
    others: byMetric,
  }),
});

/**
 * The gain from the items of a person's other sessions over a mixture of counts, on the validation people: MRR with its 95 %
 * interval over people.
 */
export const personalSignal = z.strictObject({
  people: count,
  queries: count,
  /** Null if every person has one session, or too few people have K + Q pairs. */
  gain: signedInterval.nullable(),
});

/** α of one tensor over training; each list has one entry per entry of `history.iteration`. */
export const alphaSeries = z.strictObject({
  mean: series,
  /** Unbiased (n − 1), as `torch.std`. */
  std: series,
  min: series,
  max: series,
  /** 5, 25, 50, 75 and 95 % quantiles at each logged iteration. */
  quantiles: z.array(z.array(z.number()).length(5)),
});

/** α of one tensor at the end. */
export const alphaSummary = z.strictObject({
  shape: z.array(z.int().positive()),
  /** `counts[i]` values are in `[edges[i], edges[i + 1])`; the last bin includes its right edge. */
  histogram: z.strictObject({ edges: z.array(z.number()), counts: z.array(count) }),
  /** Share of values at the low and the high end of the allowed range. */
  atLow: share,
  atHigh: share,
  matrix: z.array(z.array(z.number())).optional(),
});

/** The log of training: the lists are parallel; `validation` has its own iterations. */
export const history = z.strictObject({
  iteration: z.array(count),
  metaLoss: series,
  validation: z.array(z.strictObject({ iteration: count, metrics: metricValues })),
  alpha: z.record(z.string(), alphaSeries),
  /** α over all rates that adapt together, in the log of training; omitted if nothing has rates. */
  allRates: z.strictObject({ mean: series, std: series, min: series, max: series }).optional(),
});

/** Options of a counting method. */
const options = z.record(z.string(), z.number());

/** `results/<id>_K5_Q10.json`: the input of the page and `compare` about one algorithm of a run. */
export const resultsSchema = z.strictObject({
  schema: z.literal("kshot.results/1"),
  algorithm: z.enum(algorithmNames),
  /** Without ids, items of single people (a query's `label` is 0), command line and paths (`--anonymous`); otherwise left out. */
  anonymous: z.literal(true).optional(),
  k: z.int().positive(),
  q: z.int().positive(),
  /** Settings that change the numbers, by the version of kshot that wrote the file; `resultsConfigSchema` gives them types. */
  config: z.record(z.string(), z.unknown()),
  data: z.strictObject({
    fingerprint: sha256,
    items: z.array(z.string()),
    titles: z.array(z.string()).optional(),
    people: z.strictObject({ train: count, val: count, test: count }),
    /** Number of train pairs whose label is the item, `[items]`; absent in files of earlier versions. */
    trainPairs: z.array(count).optional(),
    /** The account of the rows; absent if the data folder has none. */
    account: eventAccountSchema.optional(),
  }),
  evaluations: z.array(evaluation),
  /** By number of first support pairs; omitted for algorithms that do not use them. */
  clicks: z.array(clicks).optional(),
  /** A person's own support pairs against those of other people; omitted for algorithms that do not use them. */
  swap: z.array(swap).optional(),
  /** Whether the data have a personal signal outside the session; omitted if not measured. */
  personal: personalSignal.optional(),
  history,
  alpha: z.record(z.string(), alphaSummary),
  /**
   * Few-shot metrics on the validation people when only one group of tensors adapts, by the group's name; `none` is zero-shot.
   * Omitted if it was not measured.
   */
  ablation: z.record(z.string(), metricValues).optional(),
  /** SHA-256 of the model's files: θ, and α if there is one. Omitted for algorithms without a model file. */
  model: z.strictObject({ sha256, alphaSha256: sha256.optional() }).optional(),
  /** Options that were tried on the validation queries, and the chosen ones. Omitted for algorithms that are not tuned. */
  tuning: z
    .strictObject({
      chosen: options,
      tried: z.array(z.strictObject({ options, score: z.number() })),
    })
    .optional(),
  /** A stack's mean −log p on the validation pairs, and each expert's weight and the loss without it. */
  stack: z
    .strictObject({
      loss: z.number(),
      examples: count,
      shares: z.array(z.strictObject({ name: z.string(), weight: z.number(), lossWithout: z.number().nullable() })),
      /**
       * Experts that the stack does not need, in the order in which they were left out, and the loss of the stack without it and those before it; if omitted: none.
       */
      leftOut: z.array(z.strictObject({ name: z.string(), loss: z.number() })).optional(),
      /**
       * Networks that were tried as an expert, and the kept one: mean −log p and mean reciprocal rank on held-out validation
       * people. The name null: only the counting experts.
       */
      network: z
        .strictObject({
          chosen: z.enum(algorithmNames),
          /** Whether the kept network was trained on the scores of the counts; left out: it was not. */
          onCounts: z.boolean().optional(),
          tried: z.array(
            z.strictObject({
              name: z.enum(algorithmNames).nullable(),
              onCounts: z.boolean().optional(),
              loss: z.number(),
              mrr: z.number(),
            }),
          ),
          /**
           * GRUs of other seeds that were tried as one more expert, with the kept network: their number, whether they were kept, and the same
           * figures; left out: none were trained.
           */
          ensemble: z
            .strictObject({ networks: count, kept: z.boolean(), loss: z.number(), mrr: z.number() })
            .optional(),
        })
        .optional(),
    })
    .optional(),
  test: z.strictObject({ opened: count }),
  volatile: z.strictObject({
    runId: z.string(),
    runTag: z.string(),
    createdAt: z.string(),
    command: z.string(),
    paths: z.record(z.string(), z.string()),
    host: z.record(z.string(), z.union([z.string(), z.number()])),
    engine: z.string(),
    build: z.string(),
    workers: count,
    secondsPerIteration: series,
    /** SHA-256 of the file as JSON on one line without this key; absent in files of earlier versions. */
    sha256: sha256.optional(),
  }),
});

/** A results file. */
export type Results = z.infer<typeof resultsSchema>;
/** One evaluation of a results file: split, window, K and number of inner steps. */
export type Evaluation = z.infer<typeof evaluation>;
/** The effect of a person's first 0, 1, 2 … support pairs, for all people of a split and window. */
export type Clicks = z.infer<typeof clicks>;
/** The gain from a person's other sessions over a mixture of counts. */
export type PersonalSignal = z.infer<typeof personalSignal>;
/** A person's own support pairs against pairs of other people. */
export type Swap = z.infer<typeof swap>;
/** Statistics of one tensor's learned rates over the iterations. */
export type AlphaSeries = z.infer<typeof alphaSeries>;
/** Learned rates of one tensor at the end. */
export type AlphaSummary = z.infer<typeof alphaSummary>;
