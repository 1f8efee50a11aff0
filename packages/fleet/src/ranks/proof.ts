import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Version of the messages between ranks. */
export const protocol = 1;

/** The facts that a proof is bound to. */
export interface Challenge {
  /** Number of ranks, and the rank that connects. */
  readonly ranks: number;
  readonly rank: number;
  /** Random numbers of the rank that connects and of rank 0, in hexadecimal digits. */
  readonly own: string;
  readonly leader: string;
}

/** 32 random bytes in hexadecimal digits. */
export function nonce(): string {
  return randomBytes(32).toString("hex");
}

/**
 * The proof that a side has the token: HMAC-SHA256 over its side and the challenge. The token itself is never sent, and a proof is of no
 * use in another connection or for the other side.
 */
export function proofOf(token: string, side: "rank" | "leader", { ranks, rank, own, leader }: Challenge): string {
  const text = JSON.stringify(["kshot ranks", protocol, side, ranks, rank, own, leader]);
  return createHmac("sha256", token).update(text).digest("hex");
}

/** Compares two proofs in constant time. */
export function isProof(found: unknown, expected: string): boolean {
  if (typeof found !== "string" || found.length !== expected.length) return false;
  return timingSafeEqual(Buffer.from(found), Buffer.from(expected));
}
