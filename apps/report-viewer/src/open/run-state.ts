import type { RunOfPage } from "@kshot/contract";
import { signal } from "@preact/signals";

/** The run of this page; null for a page of results. */
export const run = signal<RunOfPage | null>(null);

/** Reads the state from its element of the page. */
export function findRun(text: string): void {
  if (text === "") return;
  const value = JSON.parse(text) as Partial<Record<keyof RunOfPage, unknown>>;
  const texts = (list: unknown) => (Array.isArray(list) ? list.map(String) : []);
  const number = (own: unknown) => (typeof own === "number" && Number.isFinite(own) ? own : null);
  const word = (own: unknown) => (typeof own === "string" ? own : null);
  run.value = {
    state: value.state === "running" ? "running" : "stopped",
    run: word(value.run) ?? "",
    algorithm: word(value.algorithm),
    done: number(value.done),
    total: number(value.total),
    secondsLeft: number(value.secondsLeft),
    finished: texts(value.finished),
    waiting: texts(value.waiting),
    writtenAt: word(value.writtenAt) ?? "",
    every: number(value.every) ?? 10,
    resume: word(value.resume),
  };
}

/**
 * Whether the page of a running run was not written for too long: the run may then have been killed.
 *
 * @param now - milliseconds since 1970.
 */
export function isSilent({ state, writtenAt, every }: RunOfPage, now: number): boolean {
  return state === "running" && now - Date.parse(writtenAt) > 1000 * Math.max(60, 6 * every);
}
