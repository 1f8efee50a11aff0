import { isOfLists } from "@kshot/comparison";
import { advice, metric } from "../../state.js";

/** Whether to adapt, and which method to use: the first section of the page. */
export function adviceInWords() {
  const found = advice.value;
  if (found === null) return isOfLists(metric.value) ? null : <NoEvaluation />;
  const { verdict, headline, reason, use, winner, facts, behind } = found;
  return (
    <div class="advice" data-verdict={verdict}>
      <p class="headline">{headline}</p>
      <p>{reason}</p>
      {use === null ? null : <p class="use">{use}</p>}
      {winner === null ? null : <p>{winner}</p>}
      {facts.map((fact) => (
        <p>{fact}</p>
      ))}
      <p class="note">{behind}</p>
    </div>
  );
}

function NoEvaluation() {
  return (
    <div class="advice" data-verdict="none">
      <p class="headline">Adapt? No verdict.</p>
      <p>No open file has an evaluation of these people.</p>
    </div>
  );
}
