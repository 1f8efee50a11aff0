import { dismissProblem } from "../opened-files.js";
import { problems } from "../state.js";

/** Messages about files that could not be opened; they stay until dismissed. */
export function Problems() {
  return (
    <aside class="toasts" aria-label="Messages">
      {problems.value.map((problem) => (
        <div class="problem" role="alert" key={problem}>
          <span>{problem}</span>
          <button type="button" aria-label="Dismiss this message" onClick={() => dismissProblem(problem)}>
            ×
          </button>
        </div>
      ))}
    </aside>
  );
}
