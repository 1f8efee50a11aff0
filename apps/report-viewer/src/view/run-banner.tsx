import { whole } from "@kshot/comparison";
import type { RunOfPage } from "@kshot/contract";
import { timeWords } from "../figures/cost.js";
import { isSilent, run } from "../open/run-state.js";

/** What the run of this page is doing, or that it was stopped and how it continues. */
export function RunBanner() {
  const state = run.value;
  if (state === null) return null;
  const silent = isSilent(state, Date.now());
  const stopped = state.state === "stopped" || silent;
  return (
    <div class="run-state" data-state={stopped ? "stopped" : "running"} role="status">
      <p>
        {silent
          ? `No news of the run ${state.run} since ${state.writtenAt.replace("T", " ").slice(0, 19)} UTC: it may have been ended. ${position(state)}`
          : stopped
            ? `The run ${state.run} was stopped. ${position(state)}`
            : `The run ${state.run} is not finished. ${position(state)} This page renews itself and keeps what is chosen.`}
      </p>
      {stopped && state.resume !== null ? (
        <p>
          To continue: <code>{state.resume}</code>
        </p>
      ) : null}
    </div>
  );
}

function position({ algorithm, done, total, secondsLeft, finished, waiting }: RunOfPage): string {
  const steps = done === null || total === null ? "" : `, ${whole(done)} of at most ${whole(total)} iterations`;
  const left = secondsLeft === null ? "" : `, at most ${timeWords(secondsLeft)} left for it`;
  return [
    algorithm === null ? "" : `At work: ${algorithm}${steps}${left}.`,
    finished.length === 0 ? "" : `Finished: ${finished.join(", ")}.`,
    waiting.length === 0 ? "" : `To follow: ${waiting.join(", ")}.`,
  ]
    .filter(Boolean)
    .join(" ");
}
