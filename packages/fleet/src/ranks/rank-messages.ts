import { isRecord } from "@kshot/contract";
import type { SharedTraining } from "@kshot/experiment";
import { type Frame, jsonBody, jsonOf, kinds } from "./frames.js";
import type { ToldError } from "./link-end.js";
import type { Links } from "./links.js";

/** Messages of rank 0. */
export type LeaderMessage =
  /** All ranks are there: the configuration of the run. */
  | { readonly type: "welcome"; readonly config: unknown }
  /** A training begins; its vectors follow. */
  | {
      readonly type: "begin";
      readonly algorithm: SharedTraining["algorithm"];
      readonly config: unknown;
      readonly metadata: SharedTraining["state"][1];
      readonly vectors: readonly { readonly name: string; readonly double: boolean }[];
    }
  /** The training has ended. */
  | { readonly type: "stop" }
  /** Nothing more is shared: with an error, because of it. */
  | { readonly type: "end"; readonly error?: ToldError };

/** Messages of the other ranks. */
export type FollowerMessage =
  /** The data are read. */
  | { readonly type: "ready"; readonly fingerprint: string }
  /** This rank ends: with an error, because of it; without, because it was interrupted. */
  | { readonly type: "leave"; readonly error?: ToldError };

export function sendMessage(links: Links, rank: number, message: LeaderMessage | FollowerMessage): void {
  links.send(rank, kinds.message, jsonBody(message));
}

/** The message in a frame; undefined for another kind. */
export function messageIn<T extends LeaderMessage | FollowerMessage>(frame: Frame): T | undefined {
  if (frame.kind !== kinds.message) return undefined;
  const value = jsonOf(frame);
  return isRecord(value) && typeof value.type === "string" ? (value as T) : undefined;
}
