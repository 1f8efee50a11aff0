import { whole } from "@kshot/comparison";
import type { RunOfPage } from "@kshot/contract";
import { timeWords } from "../figures/cost.js";
import { isSilent, run } from "../open/run-state.js";

/** The state of the page's run; for a stopped run, the command that continues it. */
export function RunBanner() {
  const state = run.value;
  if (state === null) return null;
  const silent = isSilent(state, Date.now());
  const stopped = state.state === "stopped" || silent;
  return (
    <div class="run-state" data-state={stopped ? "stopped" : "running"} role="status">
      <p>
        {silent
          ? `The run ${state.run} has written nothing since ${state.writtenAt.replace("T", " ").slice(0, 19)} UTC. It may have been killed. ${position(state)}`
          : stopped
            ? `The run ${state.run} was stopped. ${position(state)}`
            : `The run ${state.run} is not finished. ${position(state)} This page reloads itself and keeps your choices.`}
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
  const left = secondsLeft === null ? "" : `, at most ${timeWords(secondsLeft)} left`;
  return [
    algorithm === null ? "" : `In training: ${algorithm}${steps}${left}.`,
    finished.length === 0 ? "" : `Finished: ${finished.join(", ")}.`,
    waiting.length === 0 ? "" : `Next: ${waiting.join(", ")}.`,
  ]
    .filter(Boolean)
    .join(" ");
}
