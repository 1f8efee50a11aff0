import { type Engine, type Pairs, type ParameterVector, usageError } from "@kshot/contract";
import { createSimdEngine, type SimdEngineOptions } from "@kshot/gru-simd";
import { adapt } from "@kshot/meta-sgd/adapt";
import { adaptedScores } from "./adapted-scores.js";
import { requireFlag, requireHistories, requireNames, requireTop, requireUnknown, sessionsOf } from "./arguments.js";
import { type Candidates, logSumExp, rankedItems, ranksOf } from "./candidates.js";
import { type FindItem, itemFinder } from "./item-finder.js";
import type { ModelSource, OpenModelOptions } from "./model-source.js";
import { type OpenedModel, openModel } from "./open-model.js";
import { type PersonTask, personTask } from "./person-task.js";
import type {
  Answer,
  FittedPerson,
  History,
  HistoryOptions,
  RankedItem,
  RankOptions,
  Recommender,
} from "./recommender.js";

/** How a model is opened to recommend with. */
export interface OpenRecommenderOptions
  extends OpenModelOptions,
    Pick<SimdEngineOptions, "build" | "module" | "worker" | "onWarning"> {
  /** Threads that share the people of one call, 1 … 64. Default 1: one person gains nothing from more. */
  readonly workers?: number;
  /** Makes the engine, where it is not the SIMD engine of this package. */
  readonly engine?: (model: OpenedModel) => Promise<Engine>;
}

/** Scores held at once, in numbers: bounds memory, changes no result. */
const mostScores = 2 ** 20;

/** People adapted together at most: more gain nothing. */
const mostPeople = 256;

/** A history with its names resolved. */
interface KnownHistory {
  readonly task: PersonTask;
  /** All items that the person has met. */
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

/** Scores of one person's next item. */
interface PersonScores {
  readonly after: ArrayLike<number>;
  readonly before: ArrayLike<number> | undefined;
  readonly adapted: Answer["adapted"];
}

/**
 * Opens a model to recommend with.
 *
 * The ranking is that of the logits after S inner steps θ_{k+1} = θ_k − α∘∇L_support(θ_k) on the person's last K (history → next item)
 * pairs, S and K as the model was trained.
 *
 * @param source path, URL or bytes of a model file that kshot has written; learning rates are inside it or beside it
 * @throws `DATA` for a model that is missing, damaged or incomplete; `USAGE` for a wrong option; `FAILED` where WebAssembly SIMD or
 *   memory is missing.
 * @example
 * ```ts
 * const recommender = await openRecommender("model.safetensors");
 * const { items } = await recommender.recommend(["algebra", "calculus"], { top: 5, newOnly: true });
 * ```
 */
export async function openRecommender(source: ModelSource, options: OpenRecommenderOptions = {}): Promise<Recommender> {
  const model = await openModel(source, options);
  const { alpha: _, engine, workers = 1, ...simd } = options;
  const made = await (engine?.(model) ??
    createSimdEngine({ ...simd, config: model.shape, readout: model.rules.readout, workers }));
  return new NetworkRecommender(model, made);
}

class NetworkRecommender implements Recommender {
  readonly algorithm: string;
  readonly adapts: boolean;
  readonly k: number;
  readonly items: readonly string[];
  readonly titles?: readonly string[];
  readonly #model: OpenedModel;
  readonly #engine: Engine;
  readonly #find: FindItem;
  #closed = false;

  constructor(model: OpenedModel, engine: Engine) {
    const { algorithm, config, items, titles } = model.metadata;
    this.algorithm = algorithm;
    this.k = config.k;
    this.items = items;
    if (titles) this.titles = titles;
    this.adapts = model.alpha !== null && model.rules.innerSteps > 0;
    this.#model = model;
    this.#engine = engine;
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
      const scores = await this.#scores(
        group.map(({ task }) => task),
        ranking.before,
      );
      for (const [i, person] of group.entries()) {
        answers.push(this.#answer(scores[i] as PersonScores, person.met, person.ignored, ranking));
      }
    }
    return answers;
  }

  async fit(history: History, options: HistoryOptions = {}): Promise<FittedPerson> {
    this.#requireOpen();
    const sessions = sessionsOf(history).map((session) => [...session]);
    if (sessions.length === 0) sessions.push([]);
    let person = this.#read(sessions, options, "history");
    let [scores] = await this.#scores([person.task], true);
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
        return this.#parameters(person.task);
      },
      observe: async (item) => {
        this.#requireOpen();
        requireNames([item], "observe, item");
        const longer = [...sessions.slice(0, -1), [...(sessions.at(-1) ?? []), item]];
        const next = this.#read(longer, options, "observe, item");
        const [fresh] = await this.#scores([next.task], true);
        sessions.at(-1)?.push(item);
        person = next;
        scores = fresh;
      },
    };
  }

  close(): void {
    if (!this.#closed) this.#engine.dispose();
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
    const { k, maxSeqLen } = this.#model.metadata.config;
    const task = personTask(sessions, { k, maxSeqLen, context: this.#model.rules.context });
    return { task, met: new Set(sessions.flat()), ignored };
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

  async #parameters({ support }: PersonTask): Promise<ParameterVector> {
    const { theta, alpha, rules } = this.#model;
    if (alpha === null || support.labels.length === 0) return theta.slice();
    const clip = rules.innerClip === null ? {} : { innerClip: rules.innerClip };
    const [own] = await adapt(this.#engine, theta, alpha, [this.#engine.batch(support)], rules.innerSteps, clip);
    return own ?? theta.slice();
  }

  /** Scores of the next item after the inner steps, and without them where `before` asks for it. */
  async #scores(tasks: readonly PersonTask[], before: boolean): Promise<readonly PersonScores[]> {
    const { theta, alpha, rules } = this.#model;
    const { innerSteps, innerClip } = rules;
    const steps = this.adapts ? innerSteps : 0;
    const asked = tasks.filter(({ query }) => query.length > 0);
    const wanted = before && steps > 0 ? [steps, 0] : [steps];
    const [after = [], zero] = await adaptedScores(
      { engine: this.#engine, theta, alpha, ...(innerClip === null ? {} : { innerClip }) },
      asked.map(({ support, query }) => ({ support, query: queryPair(query) })),
      wanted,
    );
    const unread = this.#scoresWithoutClicks();
    let at = 0;
    return tasks.map(({ support, query }) => {
      if (query.length === 0) return { after: unread, before: unread, adapted: { pairs: 0, steps: 0 } };
      const own = after[at]?.values as ArrayLike<number>;
      const plain = (zero ?? after)[at]?.values;
      at += 1;
      const pairs = this.adapts ? support.labels.length : 0;
      return { after: own, before: plain, adapted: { pairs, steps: pairs === 0 ? 0 : steps } };
    });
  }

  /** The state starts at 0, so before the first item the logits are the output layer's biases. */
  #scoresWithoutClicks(): ArrayLike<number> {
    const { theta } = this.#model;
    return theta.subarray(theta.length - this.items.length);
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
    const total = logSumExp(after);
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
        item: this.items[item] as string,
        ...(title === undefined ? {} : { title }),
        score,
        probability: Math.exp(score - total),
        ...(ranksBefore === undefined ? {} : { rankBefore: ranksBefore[i] as number }),
      };
    });
    return { items, ignored, adapted };
  }
}

/** The engine wants a label; scores do not depend on it. */
function queryPair(query: readonly number[]): Pairs {
  return { sequences: [query], labels: [query[0] as number] };
}
