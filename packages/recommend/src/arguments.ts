import { usageError } from "@kshot/contract";
import type { History } from "./recommender.js";

/** A history as sessions. @throws `USAGE` for anything except a list of texts or a list of such lists. */
export function sessionsOf(history: History): readonly (readonly string[])[] {
  if (!Array.isArray(history)) throw wrongHistory(kindOf(history));
  const sessions: readonly unknown[] = history;
  if (sessions.every((entry) => typeof entry === "string")) return sessions.length === 0 ? [] : [sessions as string[]];
  if (typeof sessions[0] === "string") {
    const bad = sessions.findIndex((entry) => typeof entry !== "string");
    throw wrongHistory(`${kindOf(sessions[bad])} at position ${bad}`);
  }
  for (const [s, session] of sessions.entries()) {
    if (!Array.isArray(session)) throw wrongHistory(`${kindOf(session)} at position ${s}`);
    const bad = session.findIndex((name) => typeof name !== "string");
    if (bad >= 0) throw wrongHistory(`${kindOf(session[bad])} at position ${bad} of session ${s}`);
  }
  return sessions as readonly (readonly string[])[];
}

/** @throws `USAGE` for anything except a list. */
export function requireHistories(histories: unknown): void {
  if (!Array.isArray(histories)) {
    throw usageError({ where: "histories", found: kindOf(histories), expected: "a list of histories, one per person" });
  }
}

/** @throws `USAGE` for anything except a list of texts. */
export function requireNames(names: unknown, option: string): readonly string[] {
  if (Array.isArray(names) && names.every((name) => typeof name === "string")) return names;
  const bad = Array.isArray(names) ? names.find((name) => typeof name !== "string") : names;
  throw usageError({ where: option, found: kindOf(bad), expected: "items by name or title, a list of texts" });
}

/** The number of items to return; default 10. @throws `USAGE` for anything except a positive integer. */
export function requireTop(top: unknown): number {
  if (top === undefined) return 10;
  if (typeof top === "number" && Number.isSafeInteger(top) && top > 0) return top;
  throw usageError({
    where: "top",
    found: typeof top === "number" ? `${top}` : kindOf(top),
    expected: "a positive integer",
  });
}

/** A switch; default off. @throws `USAGE` for anything except true or false. */
export function requireFlag(option: string, value: unknown): boolean {
  if (value === undefined) return false;
  if (typeof value === "boolean") return value;
  throw usageError({ where: option, found: kindOf(value), expected: "true or false" });
}

/** @throws `USAGE` for anything except `refuse` and `skip`. */
export function requireUnknown(unknown: unknown): "refuse" | "skip" {
  if (unknown === undefined) return "refuse";
  if (unknown === "refuse" || unknown === "skip") return unknown;
  const found = typeof unknown === "string" ? JSON.stringify(unknown.slice(0, 40)) : kindOf(unknown);
  throw usageError({ where: "unknown", found, expected: '"refuse" or "skip"' });
}

function wrongHistory(found: string) {
  return usageError({
    where: "history",
    found,
    expected: "items by name or title, the oldest first: a list of texts, or a list of sessions, each a list of texts",
  });
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return `the number ${value}`;
  return value === undefined ? "nothing" : `a value of type ${typeof value}`;
}
