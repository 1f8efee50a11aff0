import { join } from "node:path";
import { algorithmTitle, anonymousResults } from "@kshot/comparison";
import { type AlgorithmName, type DataSet, KshotError, onlyEntry, type RunOfPage } from "@kshot/contract";
import type { Results } from "@kshot/contract/schemas";
import { type HeldLock, writeFileAtomic } from "@kshot/store";
import { emptyHistory, type TrainingCourse } from "../algorithms/index.js";
import { everyoneTrains } from "../evaluation/index.js";
import type { RunningOptions } from "./options.js";
import { modelForPage } from "./page-model.js";
import { shortName } from "./reopen-run.js";
import { pathsFromResult, resultsOf } from "./results.js";
import { runFiles } from "./run-files.js";
import type { OpenRun } from "./start-run.js";

/** A page is written again only after this multiple of the time of its last writing, so that training has most of the time. */
const writingShare = 20;

/** Seconds between two versions of the page, at least. */
const least = 2;

/**
 * The page of a run from its first validation to its end. Each version replaces the previous one atomically, so a reader never
 * gets an incomplete page. A problem with a version before the end does not stop the run.
 */
export class PageOfRun {
  readonly #run: OpenRun;
  readonly #data: DataSet;
  readonly #options: RunningOptions & { readonly lock: Pick<HeldLock, "stillHeld"> };
  readonly #order: readonly AlgorithmName[];
  readonly #finished: Results[] = [];
  #current: {
    readonly algorithm: AlgorithmName;
    readonly since: number;
    first?: number;
    course?: TrainingCourse;
  } | null = null;
  #written = Number.NEGATIVE_INFINITY;
  #cost = 0;
  #every = 10;
  #announced = false;

  constructor(
    run: OpenRun,
    data: DataSet,
    options: RunningOptions & { readonly lock: Pick<HeldLock, "stillHeld"> },
    order: readonly AlgorithmName[],
  ) {
    this.#run = run;
    this.#data = data;
    this.#options = options;
    this.#order = order;
  }

  /** An algorithm begins. */
  begin(algorithm: AlgorithmName): void {
    this.#current = { algorithm, since: this.#options.circumstances.seconds() };
  }

  /** A validation of the current algorithm: the page has its curves so far. */
  async validated(course: TrainingCourse): Promise<void> {
    if (this.#current === null) return;
    this.#current.first ??= course.done;
    this.#current.course = course;
    const now = this.#options.circumstances.seconds();
    if (now - this.#written < Math.max(least, writingShare * this.#cost)) return;
    await this.#writeState("running");
  }

  /** An algorithm is finished. */
  finish(results: Results): void {
    this.#finished.push(results);
    this.#current = null;
  }

  /** The run was stopped or failed: an existing page is changed to show this. */
  async stopped(): Promise<void> {
    if (this.#announced) await this.#writeState("stopped");
  }

  /** The page of all results, without a state; null, with a note, if they are too large for one. This does not end the run. */
  async write(results: readonly Results[]): Promise<string | null> {
    const { page, progress } = this.#options;
    if (page === undefined || everyoneTrains(this.#data)) return null;
    const model = await modelForPage(this.#run.directory);
    try {
      await this.#replace(
        page(
          results.map((own) => ({ results: own })),
          model,
        ),
      );
      return this.#file;
    } catch (error) {
      if (!KshotError.isInstance(error) || error.code !== "USAGE") throw error;
      progress({ type: "note", text: `No ${runFiles.page} is written. ${error.message}` });
      return null;
    }
  }

  get #file(): string {
    return join(this.#run.directory, runFiles.page);
  }

  async #writeState(state: RunOfPage["state"]): Promise<void> {
    const { page, circumstances, progress } = this.#options;
    if (page === undefined || everyoneTrains(this.#data)) return;
    const start = circumstances.seconds();
    const partial = this.#partial();
    const shown = partial === null ? this.#finished : [...this.#finished, partial];
    if (Number.isFinite(this.#written)) this.#every = Math.max(least, start - this.#written);
    try {
      await this.#replace(
        page(
          shown.map((own) => ({ results: own })),
          undefined,
          this.#state(state),
        ),
      );
    } catch (error) {
      if (!KshotError.isInstance(error)) throw error;
      progress({ type: "note", text: `${runFiles.page} is not renewed. ${error.message}` });
    }
    this.#written = circumstances.seconds();
    this.#cost = this.#written - start;
  }

  async #replace(pieces: Iterable<string>): Promise<void> {
    await this.#options.lock.stillHeld();
    await writeFileAtomic(this.#file, pieces);
    if (!this.#announced) this.#options.onPage?.(this.#file);
    this.#announced = true;
  }

  /** The current algorithm as results without evaluations. */
  #partial(): Results | null {
    const { algorithm, course } = this.#current ?? {};
    if (algorithm === undefined) return null;
    const { circumstances } = this.#options;
    const results = resultsOf({
      ...{ algorithm, config: this.#run.config, data: this.#data, evaluations: [], circumstances },
      identity: this.#run.identity,
      history: course?.history ?? emptyHistory(),
      openings: 0,
      paths: pathsFromResult(this.#run),
    });
    return this.#run.config.anonymous === true ? onlyEntry(anonymousResults([results])) : results;
  }

  #state(state: RunOfPage["state"]): RunOfPage {
    const { circumstances, resumeCommand } = this.#options;
    const run = shortName({ notebook: this.#run.name, run_tag: this.#run.identity.runTag });
    const { algorithm, since = 0, first = 0, course } = this.#current ?? {};
    const done = this.#finished.map((results) => results.algorithm);
    const made = (course?.done ?? 0) - first;
    const elapsed = circumstances.seconds() - since;
    return {
      ...{ state, run, every: this.#every, writtenAt: circumstances.now().toISOString() },
      algorithm: algorithm === undefined ? null : algorithmTitle(algorithm),
      done: course?.done ?? null,
      total: course?.total ?? null,
      secondsLeft: course === undefined || made <= 0 ? null : (elapsed * (course.total - course.done)) / made,
      finished: done.map(algorithmTitle),
      waiting: this.#order.filter((name) => name !== algorithm && !done.includes(name)).map(algorithmTitle),
      // The command has paths.
      resume: this.#run.config.anonymous === true ? null : (resumeCommand?.(run) ?? null),
    };
  }
}
