import { type Answer, answerText, sideOf } from "@kshot/comparison";

/** The comparison in one sentence, and the verdict below it. */
export function Sentence({ answer }: { answer: Answer | null }) {
  if (answer === null) return null;
  const { lead, difference, differenceText, intervalText, circumstances, verdict } = answer;
  if (difference === null) return <Plain answer={answer} />;
  const side = { above: "good", below: "bad", unclear: "" }[sideOf(difference)];
  return (
    <>
      <p class="answer">
        {lead}
        {": "}
        <strong class={side}>{differenceText}</strong>, {intervalText}{" "}
        <span class="circumstances">({circumstances}).</span>
      </p>
      <p class="verdict">{verdict}</p>
    </>
  );
}

function Plain({ answer }: { answer: Answer }) {
  return (
    <>
      <p class="answer">{answerText(answer)}</p>
      <p class="verdict">{answer.verdict}</p>
    </>
  );
}
