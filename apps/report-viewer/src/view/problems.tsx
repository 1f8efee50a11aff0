import { dismissProblem, problems } from "../state.js";

/** What could not be opened, over the page wherever it is scrolled to, until it is put away. */
export function Problems() {
  return (
    <aside class="toasts" aria-label="Messages">
      {problems.value.map((problem) => (
        <div class="problem" role="alert" key={problem}>
          <span>{problem}</span>
          <button type="button" aria-label="Put this message away" onClick={() => dismissProblem(problem)}>
            ×
          </button>
        </div>
      ))}
    </aside>
  );
}
