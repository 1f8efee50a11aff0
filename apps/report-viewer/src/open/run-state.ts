import { signal } from "@preact/signals";

/** The state of a run whose page was written before its end. */
export interface RunState {
  readonly state: "running" | "stopped";
  readonly run: string;
  readonly algorithm: string | null;
  readonly done: number | null;
  readonly total: number | null;
  readonly secondsLeft: number | null;
  readonly finished: readonly string[];
  readonly waiting: readonly string[];
  readonly writtenAt: string;
  /** Seconds to the next version of the page, about. */
  readonly every: number;
  readonly resume: string | null;
}

/** The run of this page; null for a page of results. */
export const run = signal<RunState | null>(null);

/** Reads the state from its element of the page. */
export function findRun(text: string): void {
  if (text === "") return;
  const value = JSON.parse(text) as Partial<Record<keyof RunState, unknown>>;
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
 * Whether a running page is older than its run would leave it: then the run may have ended without a word.
 *
 * @param now - milliseconds since 1970.
 */
export function isSilent({ state, writtenAt, every }: RunState, now: number): boolean {
  return state === "running" && now - Date.parse(writtenAt) > 1000 * Math.max(60, 6 * every);
}
