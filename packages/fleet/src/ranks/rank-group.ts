import { type Engine, failedError, interruptedError, KshotError, usageError } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import {
  type MetaGradientFunction,
  otherSettings,
  type Progress,
  type Settings,
  type SharedRun,
  type SharedTraining,
  type TrainingRanks,
} from "@kshot/experiment";
import type { Frame } from "./frames.js";
import type { JoinFacts, RankPlace, ToldError } from "./link-end.js";
import { lostRank, ThreadLinks } from "./links.js";
import { type FollowerMessage, messageIn, sendMessage } from "./rank-messages.js";
import { sharedMetaGradient } from "./shared-meta-gradient.js";
import { sendTraining } from "./training-message.js";

/** Seconds between two notes about ranks that are waited for. */
const noteEvery = 10;

/** Options of rank 0. */
export interface RankGroupOptions {
  /** Where it listens, and how many ranks there are. */
  readonly place: RankPlace;
  /** Receives notes about the ranks. */
  readonly progress: Progress;
  /** Ends the wait for other ranks. */
  readonly signal: AbortSignal;
}

/**
 * Starts rank 0 of a training that several processes share: it listens, and `gather` waits for the others.
 *
 * @throws `FAILED` for an address at which it cannot listen
 */
export async function openRankGroup(options: RankGroupOptions): Promise<RankGroup> {
  const group = new RankGroup(options);
  await group.listening;
  return group;
}

/** Rank 0's side of a shared training. */
export class RankGroup implements TrainingRanks {
  /** Done when it listens. */
  readonly listening: Promise<void>;
  private readonly links: ThreadLinks;
  private readonly joined = new Map<number, Settings>();
  private readonly loss = new AbortController();
  private gathered = false;
  private released = false;
  /** The algorithms whose trainings are still to come. */
  private rest: readonly string[] = [];
  private onChange = () => {};
  private failure: KshotError | undefined;

  constructor(private readonly options: RankGroupOptions) {
    const { place, progress } = options;
    let [listens, cannot] = [() => {}, (_: unknown) => {}];
    this.listening = new Promise((resolve, reject) => {
      [listens, cannot] = [resolve, reject];
    });
    this.links = new ThreadLinks(
      { place, typed: {} },
      {
        onListening: (address) => {
          progress({ type: "note", text: `Rank 0 of ${place.ranks} listens at ${address}.` });
          listens();
        },
        onRefused: (text) => progress({ type: "note", text }),
        onJoined: (rank, facts) => this.onJoined(rank, facts),
        onFrame: (rank, frame) => this.onFrame(rank, frame),
        onLost: (rank, reason) => this.onLost(rank, lostRank(rank, reason)),
        onFailed: (error) => {
          cannot(error);
          this.fail(error);
        },
      },
    );
  }

  /** Aborted when a rank is lost that is still needed. */
  get signal(): AbortSignal {
    return this.loss.signal;
  }

  /** Why, if a rank was lost. */
  get lost(): KshotError | undefined {
    return this.failure;
  }

  /** The configuration and data must be the same in all ranks. @throws `USAGE`, `DATA` or `FAILED`, naming the rank */
  async gather({ config, fingerprint, algorithms }: SharedRun): Promise<void> {
    const { place, progress } = this.options;
    this.rest = algorithms;
    const groups = Math.ceil(config.metasgd_config.meta_batch_size / 4);
    if (groups < place.ranks) {
      const text = `A meta-batch of ${config.metasgd_config.meta_batch_size} people has ${groups} groups of 4: only ${groups} of ${place.ranks} ranks have something to compute.`;
      progress({ type: "note", text });
    }
    await this.allJoined();
    for (const [rank, typed] of this.joined) requireSameSettings(rank, typed, config);
    for (const rank of this.joined.keys()) {
      sendMessage(this.links, rank, { type: "welcome", config: { ...config, files: {} } });
    }
    this.gathered = true;
    for (const rank of [...this.joined.keys()].sort()) {
      const message = messageIn<FollowerMessage>(await this.orInterrupted(this.links.receive(rank)));
      if (message?.type !== "ready") throw failedError({ where: `rank ${rank}`, found: "an unexpected message" });
      if (message.fingerprint !== fingerprint) throw otherData(rank, message.fingerprint, fingerprint);
    }
    if (place.ranks > 1)
      progress({ type: "note", text: `All ${place.ranks} ranks are there, with the same settings and data.` });
  }

  async begin(training: SharedTraining, engine: Engine): Promise<MetaGradientFunction> {
    const { ranks } = this.options.place;
    for (let rank = 1; rank < ranks; rank++) sendTraining(this.links, rank, training);
    const shared = sharedMetaGradient(engine, { ranks, rank: 0, links: this.links });
    this.rest = this.rest.slice(this.rest.indexOf(training.algorithm) + 1);
    return async (...given) => {
      try {
        return await shared(...given);
      } catch (error) {
        // `signal` ends the training; this iteration is abandoned.
        if (this.failure !== undefined) return new Promise(() => {});
        throw error;
      }
    };
  }

  async end(): Promise<void> {
    for (const rank of this.joined.keys()) sendMessage(this.links, rank, { type: "stop" });
    if (this.rest.length === 0 && this.failure === undefined && !this.options.signal.aborted) this.release();
  }

  /** Ends all ranks. @param error why, if the training has not ended well */
  async close(error?: unknown): Promise<void> {
    if (error === undefined) this.release();
    else if (!this.released) {
      this.released = true;
      const told = toldError(error);
      for (const rank of this.joined.keys()) sendMessage(this.links, rank, { type: "end", error: told });
    }
    await this.links.close();
  }

  /** The other ranks have done their work. */
  private release(): void {
    if (this.released) return;
    this.released = true;
    for (const rank of this.joined.keys()) sendMessage(this.links, rank, { type: "end" });
  }

  private onJoined(rank: number, { typed }: JoinFacts): void {
    this.joined.set(rank, typed);
    this.onChange();
  }

  private onFrame(rank: number, frame: Frame): boolean {
    const message = messageIn<FollowerMessage>(frame);
    if (message?.type !== "leave") return false;
    const { error } = message;
    this.onLost(
      rank,
      error === undefined
        ? failedError({ where: `rank ${rank}`, found: "it was interrupted" })
        : new KshotError(error.code, { ...error.parts, where: inRank(rank, error.parts.where) }),
    );
    return true;
  }

  private onLost(rank: number, error: KshotError): void {
    const { progress } = this.options;
    if (this.released || this.failure !== undefined || !this.joined.has(rank)) return;
    if (this.gathered) {
      progress({ type: "note", text: `${error.message} Rank 0 stops, with a checkpoint.` });
      this.fail(error);
      return;
    }
    this.joined.delete(rank);
    progress({
      type: "note",
      text: `Rank ${rank} left before all ranks had joined; it may join again. ${error.message}`,
    });
  }

  private fail(error: KshotError): void {
    this.failure ??= error;
    this.loss.abort();
    this.onChange();
  }

  /** Waits until all ranks have joined. */
  private async allJoined(): Promise<void> {
    const { place, progress, signal } = this.options;
    const began = performance.now();
    let noted = 0;
    for (;;) {
      if (this.failure !== undefined) throw this.failure;
      if (signal.aborted) throw interruptedWaiting();
      const missing = Array.from({ length: place.ranks - 1 }, (_, i) => i + 1).filter((rank) => !this.joined.has(rank));
      if (missing.length === 0) return;
      const seconds = (performance.now() - began) / 1000;
      if (seconds >= place.wait) throw missingRanks(missing, place);
      if (seconds >= noted) {
        noted = seconds + noteEvery;
        const since = seconds < 1 ? "" : `, since ${Math.round(seconds)} s`;
        progress({ type: "note", text: `Waiting for ${inWords(missing)}${since}.` });
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000 * Math.min(1, Math.max(0.01, place.wait - seconds)));
        this.onChange = () => {
          clearTimeout(timer);
          resolve();
        };
        signal.addEventListener("abort", this.onChange, { once: true });
      });
    }
  }

  private async orInterrupted<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.options;
    const ended = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(interruptedWaiting()), { once: true });
      this.loss.signal.addEventListener("abort", () => reject(this.failure), { once: true });
      if (signal.aborted) reject(interruptedWaiting());
      if (this.loss.signal.aborted) reject(this.failure);
    });
    return Promise.race([work, ended]);
  }
}

function requireSameSettings(rank: number, typed: Settings, config: Config): void {
  const [other] = otherSettings(typed, config);
  if (other === undefined) return;
  throw usageError({
    where: `rank ${rank}, setting ${other.key}`,
    found: JSON.stringify(other.before),
    expected: `${JSON.stringify(other.now ?? null)}, as rank 0 has`,
    todo: "Start all ranks with the same settings; those above 0 may leave them out",
  });
}

function otherData(rank: number, found: string, expected: string): KshotError {
  return new KshotError("DATA", {
    where: `rank ${rank}, --data`,
    found: `the data ${found.slice(0, 12)}…`,
    expected: `${expected.slice(0, 12)}…, as rank 0 has`,
    todo: "Copy rank 0's data folder to all machines",
  });
}

function missingRanks(missing: readonly number[], { ranks, wait }: RankPlace): KshotError {
  return failedError({
    where: "--ranks",
    found: `${inWords(missing)} of ${ranks} did not join within ${wait} s`,
    expected: "all ranks",
    todo: "Start them with the same --ranks, --rendezvous and --token-file, or wait longer with --wait-for-ranks",
  });
}

function interruptedWaiting(): KshotError {
  return interruptedError({ found: "Stopped while waiting for the other ranks" });
}

function inWords(ranks: readonly number[]): string {
  return `${ranks.length === 1 ? "rank" : "ranks"} ${ranks.join(", ")}`;
}

/** The place of an error in another rank. */
export function inRank(rank: number, where: string | undefined): string {
  if (where === undefined) return `rank ${rank}`;
  return /^(rank \d|--ranks)/.test(where) ? where : `rank ${rank}, ${where}`;
}

/** An error for another process. */
export function toldError(error: unknown): ToldError {
  if (!KshotError.isInstance(error)) {
    return { code: "FAILED", parts: { found: error instanceof Error ? error.message : String(error) } };
  }
  const { cause: _, command: __, ...parts } = error.parts;
  return { code: error.code, parts };
}
