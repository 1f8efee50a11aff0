import { type Interval, meanInterval } from "../../model/bootstrap.js";
import { type ComparedRow, isCeiling, pairedInterval } from "../../model/compare.js";
import { figure, signed, whole } from "../../model/format.js";
import { type Method, usesSupport } from "../../model/methods.js";
import { metricTitles } from "../../model/metrics.js";
import { type PeopleFigures, peopleFigures } from "../../model/people.js";
import { splitTitles } from "../../model/titles.js";
import { place, view } from "../../state.js";

/** One sentence that can be quoted by itself, and below it, smaller, what it means. */
export function Sentence({
  subject,
  reference,
  rows,
}: {
  subject: Method | undefined;
  reference: Method | undefined;
  rows: readonly ComparedRow[];
}) {
  const at = place.value;
  const of = (method: Method | undefined, shot: "few" | "zero") =>
    method && peopleFigures(method, at, view.metric.value, shot);
  if (!reference) return null;
  const [own, other] = [of(subject, "few"), of(reference, "few")];
  if (subject && own && other) {
    return (
      <Paired
        name={`${usesSupport(subject, at) ? "Few-shot " : ""}${subject.title}`}
        against={reference.title.replace(/^Plain/, "plain")}
        own={own}
        other={other}
        method={subject}
        more={standing(rows, subject)}
      />
    );
  }
  const alone = subject && own ? subject : reference;
  const [few, zero] = [of(alone, "few"), of(alone, "zero")];
  if (!few) return null;
  if (zero && usesSupport(alone, at)) {
    return (
      <Paired
        name={`Few-shot ${alone.title}`}
        against="its own zero-shot"
        own={few}
        other={zero}
        method={alone}
        more=" This is what adapting to the support pairs gains; open another method's results to compare."
      />
    );
  }
  const { value, low, high } = meanInterval(few.mean, few.queries);
  return (
    <p class="answer">
      {alone.title} {figure(value)}, 95 % interval {figure(low)} to {figure(high)} ({circumstances(alone, few)}). Open
      another method's results to compare.
    </p>
  );
}

function Paired({
  name,
  against,
  own,
  other,
  method,
  more,
}: {
  name: string;
  against: string;
  own: PeopleFigures;
  other: PeopleFigures;
  method: Method;
  /** Said below, after the verdict. */
  more: string;
}) {
  const difference = pairedInterval(own, other);
  const value = (figures: PeopleFigures) => figure(meanInterval(figures.mean, figures.queries).value);
  return (
    <>
      <p class="answer">
        {name} {value(own)} against {against} {value(other)}
        {difference === null ? null : (
          <>
            {": "}
            <strong class={difference.low > 0 ? "good" : difference.high < 0 ? "bad" : ""}>
              {signed(difference.value)}
            </strong>
            , 95 % interval {signed(difference.low)} to {signed(difference.high)}
          </>
        )}{" "}
        <span class="circumstances">({circumstances(method, own)}).</span>
      </p>
      <p class="verdict">
        {difference === null
          ? "The two were evaluated on other people, so no difference is drawn."
          : verdict(difference)}
        {more}
      </p>
    </>
  );
}

function verdict({ low, high }: Interval): string {
  if (low > 0) return "Better: the interval leaves out 0.";
  return high < 0 ? "Worse: the interval leaves out 0." : "No clear difference: the interval holds 0.";
}

/** Metric, people, K and Q. */
function circumstances({ files }: Method, figures: PeopleFigures): string {
  const { k, q } = files[0]!.results;
  const seeds = files.length > 1 ? `, mean of ${files.length} seeds` : "";
  return `${metricTitles[view.metric.value]} on ${whole(figures.users.length)} ${splitTitles[place.value.split]}, ${place.value.window} window, K = ${k}, Q = ${q}${seeds}`;
}

/** What stands highest, where that is another than the sentence's own, and the ceilings. */
function standing(rows: readonly ComparedRow[], subject: Method): string {
  const contenders = rows.filter(({ method }) => !isCeiling(method));
  const highest = contenders[0];
  const ceilings = rows.filter(({ method }) => isCeiling(method));
  const named = ({ method, few }: ComparedRow) => `${method.title} ${figure(few.value)}`;
  return [
    highest && contenders.length > 1
      ? ` ${highest.method === subject ? "It stands highest" : `Highest: ${named(highest)}`}${ceilings.length > 0 ? "; " : "."}`
      : " ",
    ceilings.length > 0 ? `ceiling: ${ceilings.map(named).join(", ").replace("Ideal", "ideal")}.` : "",
  ]
    .join("")
    .trimEnd();
}
