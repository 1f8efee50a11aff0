import { type Engine, entryAt, usageError } from "@kshot/contract";
import { createSimdEngine, type SimdEngineOptions } from "@kshot/gru-simd";
import { requireFlag, requireHistories, requireNames, requireTop, requireUnknown, sessionsOf } from "./arguments.js";
import { type Candidates, logSumExp, rankedItems, ranksOf } from "./candidates.js";
import { type FindItem, itemFinder } from "./item-finder.js";
import type { ServingMetadata } from "./model-metadata.js";
import type { ModelSource, OpenModelOptions } from "./model-source.js";
import { networkScoring } from "./network-scoring.js";
import { type OpenedModel, openSavedModel } from "./open-model.js";
import type {
  Answer,
  FittedPerson,
  History,
  HistoryOptions,
  RankedItem,
  RankOptions,
  Recommender,
} from "./recommender.js";
import type { ModelTask, PersonScores, ScoringModel } from "./scoring-model.js";

/** How a model is opened to recommend with. */
export interface OpenRecommenderOptions
  extends OpenModelOptions,
    Pick<SimdEngineOptions, "build" | "module" | "worker" | "onWarning"> {
  /** Threads that share the people of one call, 1 … 64. Default 1: more threads do not speed up one person. */
  readonly workers?: number;
  /** Creates the engine, if it is not the SIMD engine of this package. */
  readonly engine?: (model: OpenedModel) => Promise<Engine>;
}

/** Number of scores in memory at once. Bounds memory; does not change results. */
const mostScores = 2 ** 20;

/** Largest number of people that are adapted together: more do not save time. */
const mostPeople = 256;

/** A history with its names resolved. */
interface KnownHistory {
  readonly task: ModelTask;
  /** All items of the person's history. */
  readonly met: ReadonlySet<number>;
  readonly ignored: readonly string[];
}

/** `RankOptions`, checked, with items by number. */
interface Ranking {
  readonly top: number;
  readonly newOnly: boolean;
  readonly among: ReadonlySet<number> | undefined;
  readonly exclude: ReadonlySet<number>;
  readonly before: boolean;
}

/**
 * Opens a model to recommend with.
 *
 * The ranking is that of the logits after S inner steps θ_{k+1} = θ_k − α∘∇L_support(θ_k) on the person's last K (history → next
 * item) pairs; S and K are the values of the training. A counting model ranks by its scores, and a stack by the weighted
 * log-probabilities of both.
 *
 * @param source path, URL or bytes of a model file that kshot has written; learning rates are in it or in the file next to it
 * @throws `DATA` for a model that is missing, damaged or incomplete; `USAGE` for a wrong option; `FAILED` if WebAssembly SIMD or
 * memory is missing.
 * @example
 * ```js
 * import { openRecommender } from "@kshot/recommend";
 *
 * // A model that comes with the package; yours is a path, a URL or bytes.
 * const model = new URL(import.meta.resolve("@kshot/recommend/example/campus.safetensors"));
 * const recommender = await openRecommender(model);
 * const { items } = await recommender.recommend(["biology-01", "biology-02"], { top: 5, newOnly: true });
 * console.log(items.length, items[0].rank); // 5 1
 * recommender.close();
 * ```
 */
export async function openRecommender(source: ModelSource, options: OpenRecommenderOptions = {}): Promise<Recommender> {
  const { metadata, network, counts } = await openSavedModel(source, options);
  // Imported on demand, as the counting methods.
  if (network === null) {
    const { countsScoring } = await import("./counts-scoring.js");
    return new ModelRecommender(metadata, countsScoring(counts, metadata));
  }
  const engine = await openEngine(network, options);
  if (counts === null) return new ModelRecommender(metadata, networkScoring(network, engine));
  const { stackScoring } = await import("./stack-scoring.js");
  return new ModelRecommender(metadata, stackScoring(counts, network, engine));
}

async function openEngine(model: OpenedModel, options: OpenRecommenderOptions): Promise<Engine> {
  const { alpha: _, engine, workers = 1, ...simd } = options;
  if (engine !== undefined) return engine(model);
  return createSimdEngine({ ...simd, config: model.shape, mask: model.rules.mask, workers });
}

class ModelRecommender implements Recommender {
  readonly algorithm: string;
  readonly adapts: boolean;
  readonly k: number;
  readonly items: readonly string[];
  readonly titles?: readonly string[];
  readonly #model: ScoringModel;
  readonly #find: FindItem;
  #closed = false;

  constructor({ algorithm, config, items, titles }: ServingMetadata, model: ScoringModel) {
    this.algorithm = algorithm;
    this.k = config.k;
    this.items = items;
    if (titles) this.titles = titles;
    this.adapts = model.adapts;
    this.#model = model;
    this.#find = itemFinder(items, titles);
  }

  async recommend(history: History, options: HistoryOptions & RankOptions = {}): Promise<Answer> {
    const [answer] = await this.recommendMany([history], options);
    return answer as Answer;
  }

  async recommendMany(
    histories: readonly History[],
    options: HistoryOptions & RankOptions = {},
  ): Promise<readonly Answer[]> {
    this.#requireOpen();
    requireHistories(histories);
    const ranking = this.#ranking(options);
    const known = histories.map((history, i) =>
      this.#read(history, options, histories.length === 1 ? "history" : `histories, person ${i}, item`),
    );
    const answers: Answer[] = [];
    const atOnce = Math.max(1, Math.min(mostPeople, Math.floor(mostScores / this.items.length)));
    for (let first = 0; first < known.length; first += atOnce) {
      const group = known.slice(first, first + atOnce);
      const scores = await this.#model.scores(
        group.map(({ task }) => task),
        ranking.before,
      );
      for (const [i, person] of group.entries()) {
        answers.push(this.#answer(entryAt(scores, i), person.met, person.ignored, ranking));
      }
    }
    return answers;
  }

  async fit(history: History, options: HistoryOptions = {}): Promise<FittedPerson> {
    this.#requireOpen();
    const sessions = sessionsOf(history).map((session) => [...session]);
    if (sessions.length === 0) sessions.push([]);
    let person = this.#read(sessions, options, "history");
    let [scores] = await this.#model.scores([person.task], true);
    return {
      get ignored() {
        return person.ignored;
      },
      get adapted() {
        return (scores as PersonScores).adapted;
      },
      rank: async (rankOptions = {}) => {
        this.#requireOpen();
        return this.#answer(scores as PersonScores, person.met, person.ignored, this.#ranking(rankOptions));
      },
      parameters: async () => {
        this.#requireOpen();
        return this.#model.parameters(person.task);
      },
      observe: async (item) => {
        this.#requireOpen();
        requireNames([item], "observe, item");
        const longer = [...sessions.slice(0, -1), [...(sessions.at(-1) ?? []), item]];
        const next = this.#read(longer, options, "observe, item");
        const [fresh] = await this.#model.scores([next.task], true);
        sessions.at(-1)?.push(item);
        person = next;
        scores = fresh;
      },
    };
  }

  close(): void {
    if (!this.#closed) this.#model.close();
    this.#closed = true;
  }

  #requireOpen(): void {
    if (this.#closed) {
      throw usageError({ where: "recommender", found: "a call after close()", expected: "calls before close() only" });
    }
  }

  #read(history: History, options: HistoryOptions, where: string): KnownHistory {
    const skip = requireUnknown(options.unknown) === "skip";
    const ignored: string[] = [];
    const sessions = sessionsOf(history).map((session) => {
      const found: number[] = [];
      for (const name of session) {
        const item = skip ? this.#find.known(name, where) : this.#find(name, where);
        if (item === undefined) ignored.push(name);
        else found.push(item);
      }
      return found;
    });
    return { task: this.#model.task(sessions), met: new Set(sessions.flat()), ignored };
  }

  #ranking({ top, newOnly, among, exclude, before }: RankOptions): Ranking {
    const items = (names: readonly string[] | undefined, option: string) =>
      names === undefined
        ? undefined
        : new Set(requireNames(names, option).map((name) => this.#find(name, `${option}, item`)));
    return {
      top: requireTop(top),
      newOnly: requireFlag("newOnly", newOnly),
      among: items(among, "among"),
      exclude: items(exclude, "exclude") ?? new Set<number>(),
      before: requireFlag("before", before),
    };
  }

  #answer(
    { after, before, adapted }: PersonScores,
    met: ReadonlySet<number>,
    ignored: readonly string[],
    ranking: Ranking,
  ): Answer {
    const without = ranking.newOnly ? new Set([...ranking.exclude, ...met]) : ranking.exclude;
    const candidates: Candidates = { among: ranking.among, without };
    const best = rankedItems(after, ranking.top, candidates);
    const probability = this.#probability(after);
    const ranksBefore =
      ranking.before && before
        ? ranksOf(
            best.map(({ item }) => item),
            before,
            candidates,
          )
        : undefined;
    const items = best.map(({ item, score }, i): RankedItem => {
      const title = this.titles?.[item];
      return {
        rank: i + 1,
        item: entryAt(this.items, item),
        ...(title === undefined ? {} : { title }),
        score,
        probability: probability(score),
        ...(ranksBefore === undefined ? {} : { rankBefore: entryAt(ranksBefore, i) }),
      };
    });
    return { items, ignored, adapted };
  }

  /** The probability of a score, from the scores of all items. */
  #probability(scores: ArrayLike<number>): (score: number) => number {
    if (this.#model.scale === "logit") {
      const total = logSumExp(scores);
      return (score) => Math.exp(score - total);
    }
    let total = 0;
    for (let i = 0; i < scores.length; i++) total += entryAt(scores, i);
    return (score) => score / total;
  }
}
