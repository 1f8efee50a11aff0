import { advice } from "../../state.js";

/** Whether to adapt, and which method to use: the first thing on the page. */
export function AdviceInWords() {
  const found = advice.value;
  if (found === null) return null;
  const { verdict, headline, reason, winner, behind } = found;
  return (
    <div class="advice" data-verdict={verdict}>
      <p class="headline">{headline}</p>
      <p>{reason}</p>
      {winner === null ? null : <p>{winner}</p>}
      <p class="note">{behind}</p>
    </div>
  );
}
