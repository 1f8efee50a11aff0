import { Worker } from "node:worker_threads";
import { failedError, KshotError } from "@kshot/contract";
import type { Settings } from "@kshot/experiment";
import type { Frame, FrameKind } from "./frames.js";
import type { JoinFacts, RankPlace, ToldError } from "./link-end.js";

/** How the thread starts. */
export interface LinkStart {
  readonly place: RankPlace;
  readonly typed: Settings;
}

/** Messages to the thread. */
export type ToLinks =
  | { readonly type: "send"; readonly rank: number; readonly kind: FrameKind; readonly body: ArrayBuffer }
  | { readonly type: "close" };

/** Messages of the thread. */
export type FromLinks =
  | { readonly type: "listening"; readonly address: string }
  | { readonly type: "waiting"; readonly seconds: number; readonly reason: string }
  | { readonly type: "refused"; readonly text: string }
  | { readonly type: "joined"; readonly rank: number; readonly facts: JoinFacts }
  | { readonly type: "frame"; readonly rank: number; readonly kind: FrameKind; readonly body: ArrayBuffer }
  | { readonly type: "lost"; readonly rank: number; readonly reason: string }
  | { readonly type: "failed"; readonly error: ToldError };

/** Frames to and from other ranks. */
export interface Links {
  /** Sends a frame; the body is the receiver's from then on. */
  send(rank: number, kind: FrameKind, body: ArrayBuffer): void;
  /** The next frame of a rank, in order. @throws `FAILED` once the rank is lost */
  receive(rank: number): Promise<Frame>;
}

interface Waiting {
  readonly resolve: (frame: Frame) => void;
  readonly reject: (error: unknown) => void;
}

/** Frames of each rank in order, for one reader per rank. */
export class FrameQueues {
  private readonly arrived = new Map<number, Frame[]>();
  private readonly waiting = new Map<number, Waiting>();
  private readonly broken = new Map<number, unknown>();

  put(rank: number, frame: Frame): void {
    const reader = this.waiting.get(rank);
    if (reader === undefined) {
      this.arrived.set(rank, [...(this.arrived.get(rank) ?? []), frame]);
      return;
    }
    this.waiting.delete(rank);
    reader.resolve(frame);
  }

  /** A rank joins: frames of an earlier process of this number are dropped. */
  open(rank: number): void {
    this.arrived.delete(rank);
    this.broken.delete(rank);
  }

  /** Frames that have arrived are still given; then `error` is thrown. */
  fail(rank: number, error: unknown): void {
    this.broken.set(rank, error);
    this.waiting.get(rank)?.reject(error);
    this.waiting.delete(rank);
  }

  take(rank: number): Promise<Frame> {
    const frame = this.arrived.get(rank)?.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    if (this.broken.has(rank)) return Promise.reject(this.broken.get(rank));
    return new Promise((resolve, reject) => this.waiting.set(rank, { resolve, reject }));
  }
}

/** Handlers of the events of links, and of frames that are not received in order. */
export interface LinkHandlers {
  readonly onListening?: (address: string) => void;
  readonly onWaiting?: (seconds: number, reason: string) => void;
  readonly onRefused?: (text: string) => void;
  readonly onJoined: (rank: number, facts: JoinFacts) => void;
  /** Called for each frame first; true if it was handled and is not to be received. */
  readonly onFrame?: (rank: number, frame: Frame) => boolean;
  readonly onLost: (rank: number, reason: string) => void;
  /** This end cannot work. */
  readonly onFailed: (error: KshotError) => void;
}

/** The connections of this process, held by a thread. */
export class ThreadLinks implements Links {
  private readonly worker: Worker;
  private readonly queues = new FrameQueues();
  private readonly exited: Promise<void>;

  constructor(start: LinkStart, handlers: LinkHandlers) {
    this.worker = new Worker(new URL("./link-thread.js", import.meta.url), { workerData: start, execArgv: [] });
    this.exited = new Promise((resolve) => this.worker.on("exit", () => resolve()));
    this.worker.on("error", (cause) => {
      handlers.onFailed(failedError({ where: "the thread of the connections", found: cause.message, cause }));
    });
    this.worker.on("message", (message: FromLinks) => {
      switch (message.type) {
        case "listening":
          return handlers.onListening?.(message.address);
        case "waiting":
          return handlers.onWaiting?.(message.seconds, message.reason);
        case "refused":
          return handlers.onRefused?.(message.text);
        case "joined":
          this.queues.open(message.rank);
          return handlers.onJoined(message.rank, message.facts);
        case "frame":
          if (handlers.onFrame?.(message.rank, message) !== true) this.queues.put(message.rank, message);
          return;
        case "lost":
          this.queues.fail(message.rank, lostRank(message.rank, message.reason));
          return handlers.onLost(message.rank, message.reason);
        case "failed":
          return handlers.onFailed(new KshotError(message.error.code, message.error.parts));
      }
    });
  }

  send(rank: number, kind: FrameKind, body: ArrayBuffer): void {
    this.worker.postMessage({ type: "send", rank, kind, body } satisfies ToLinks, [body]);
  }

  receive(rank: number): Promise<Frame> {
    return this.queues.take(rank);
  }

  /** Ends the connections after everything was sent. */
  async close(): Promise<void> {
    this.worker.postMessage({ type: "close" } satisfies ToLinks);
    await this.exited;
  }
}

/** The error for a rank whose connection ended. */
export function lostRank(rank: number, reason: string): KshotError {
  return failedError({
    where: `rank ${rank}`,
    found: `its process or its connection has ended (${reason})`,
  });
}
