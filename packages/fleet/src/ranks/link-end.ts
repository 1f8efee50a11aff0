import type { KshotErrorCode, KshotErrorParts } from "@kshot/contract";
import type { Settings } from "@kshot/experiment";
import type { FrameKind } from "./frames.js";

/** Seconds between two heartbeats, and without any bytes after which a rank is lost. */
export const heartbeat = { every: 1, limit: 10 } as const;

/** Seconds that a handshake may take. */
export const handshakeSeconds = 10;

/** An error as data, for another thread or process. */
export interface ToldError {
  readonly code: KshotErrorCode;
  readonly parts: Omit<KshotErrorParts, "cause">;
}

/** What a rank says when it joins. */
export interface JoinFacts {
  /** Version of kshot. */
  readonly version: string;
  /** The settings that were typed there. */
  readonly typed: Settings;
}

/** What happens at one end of the connections. */
export interface LinkEvents {
  /** Rank 0 listens. */
  listening(address: string): void;
  /** A rank without an answer of rank 0 yet. */
  waiting(seconds: number, reason: string): void;
  /** A connection that was refused. */
  refused(text: string): void;
  /** A rank is there; at other ranks: rank 0 has accepted this one. */
  joined(rank: number, facts: JoinFacts): void;
  frame(rank: number, kind: FrameKind, body: ArrayBuffer): void;
  /** The connection with a rank that had joined is over. */
  lost(rank: number, reason: string): void;
  /** This end cannot work. */
  failed(error: ToldError): void;
}

/** The place of a process in a training. */
export interface RankPlace {
  readonly ranks: number;
  readonly rank: number;
  /** Where rank 0 listens. */
  readonly host: string;
  readonly port: number;
  readonly token: string;
  /** Seconds to wait for the other ranks. */
  readonly wait: number;
  /** Version of kshot, the same in all ranks. */
  readonly version: string;
}

/** One end of the connections: rank 0 with one per other rank, the others with one to rank 0. */
export interface LinkEnd {
  start(): void;
  send(rank: number, kind: FrameKind, body: ArrayBuffer): void;
  /** Ends all connections after everything was sent, or after two seconds. */
  close(): Promise<void>;
}

/**
 * Sends heartbeats and finds connections without any.
 *
 * @param tick called every second with whether this process was late itself, which says nothing about the others
 * @returns a function that ends it
 */
export function everyHeartbeat(tick: (late: boolean) => void): () => void {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    tick(now - last > 3000 * heartbeat.every);
    last = now;
  }, 1000 * heartbeat.every);
  return () => clearInterval(timer);
}
