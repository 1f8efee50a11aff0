import { type Answer, answerText } from "@kshot/comparison";

/** The comparison in one sentence, and the verdict below it. */
export function Sentence({ answer }: { answer: Answer | null }) {
  if (answer === null) return null;
  const { lead, difference, differenceText, intervalText, circumstances, verdict } = answer;
  if (difference === null) return <Plain answer={answer} />;
  const side = difference.low > 0 ? "good" : difference.high < 0 ? "bad" : "";
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
