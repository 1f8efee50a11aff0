import { comparisonFigure } from "../../figures/comparison.js";
import { differencesFigure } from "../../figures/differences.js";
import { meanInterval } from "../../model/bootstrap.js";
import { comparedRows, lengthGroups, pairedInterval, seenGroups } from "../../model/compare.js";
import { figure, signed, whole } from "../../model/format.js";
import { fewShotOf, type Method, usesSupport } from "../../model/methods.js";
import { metricDefinitions, metricNames, metricTitles } from "../../model/metrics.js";
import { peopleFigures } from "../../model/people.js";
import { splitTitles, windowTitles } from "../../model/titles.js";
import { baseline, methods, place, places, view } from "../../state.js";
import { Choice } from "../controls.js";
import { FigureFrame } from "../figure-frame.js";

/** Who wins, by how much, how sure, for whom. */
export function Answer() {
  const metric = view.metric.value;
  const title = metricTitles[metric];
  const at = place.value;
  const reference = baseline.value;
  const rows = comparedRows(methods.value, at, metric, reference);
  const people = rows[0] ? (fewShotOf(rows[0].method.files[0]!, at)?.people ?? null) : null;
  const groups =
    people === null ? [] : [...seenGroups, ...(at.window === "last" ? lengthGroups(people.historyLength) : [])];
  const leader = subjectOf(
    rows.map((row) => row.method),
    reference,
  );
  const splits = [...new Set(places.value.map(({ split }) => split))];
  return (
    <section class="section" aria-labelledby="answer-title">
      <h2 id="answer-title" tabIndex={-1}>
        The answer
      </h2>
      <Sentence leader={leader} reference={reference} />
      <div class="controls">
        <Choice
          label="Metric"
          of={view.metric}
          options={metricNames.map((name) => [name, metricTitles[name]])}
          hint={metricDefinitions[metric]}
        />
        <Choice
          label="Window"
          of={view.window}
          value={at.window}
          options={[...new Set(places.value.map((one) => one.window))].map((name) => [name, `${name} window`])}
          hint={windowTitles[at.window]}
        />
        {splits.length > 1 ? (
          <Choice
            label="People"
            of={view.split}
            value={at.split}
            options={splits.map((name) => [name, splitTitles[name]])}
          />
        ) : null}
        <Choice
          label="Compared with"
          of={view.baseline}
          value={reference?.id ?? ""}
          options={methods.value.map(({ id, title: name }) => [id, name])}
          hint="Differences are to this method, paired person by person"
        />
      </div>
      {people === null ? (
        <p>No open file has an evaluation here.</p>
      ) : (
        <>
          <p class="note" title={metricDefinitions[metric]}>
            {title} on {whole(people.user.length)} {splitTitles[at.split]}, {windowTitles[at.window]}.{" "}
            {metricDefinitions[metric]}.{" "}
            {people.user.length < 30
              ? `Only ${people.user.length} people: the intervals are too short (at 20 people a 95 % interval covers about 91 %). `
              : ""}
          </p>
          <FigureFrame
            id="comparison"
            title={`${title} of every method`}
            draw={(width) => comparisonFigure(rows, { metric: title, width })}
          />
          {rows.some((row) => row.difference) && reference ? (
            <FigureFrame
              id="differences"
              title={`Difference to ${reference.title}`}
              note="Paired: each person's own difference, the mean over seeds, resampled over people."
              draw={(width) =>
                differencesFigure(
                  rows.flatMap((row) =>
                    row.difference ? [{ title: row.method.title, difference: row.difference }] : [],
                  ),
                  { metric: title, baseline: reference.title, width },
                )
              }
            />
          ) : null}
          {leader && reference && leader !== reference ? (
            <FigureFrame
              id="for-whom"
              title={`For whom: ${leader.title} against ${reference.title}`}
              note="Revisits are queries whose answer the person has met before; pairs before are how much of a history the person had."
              draw={(width) =>
                differencesFigure(groupRows(leader, reference, groups), {
                  metric: title,
                  baseline: reference.title,
                  width,
                })
              }
            />
          ) : null}
        </>
      )}
    </section>
  );
}

function groupRows(
  leader: Method,
  reference: Method,
  groups: readonly { name: string; counts: Parameters<typeof peopleFigures>[4] }[],
) {
  return groups.flatMap(({ name, counts }) => {
    const [a, b] = [leader, reference].map((method) =>
      peopleFigures(method, place.value, view.metric.value, "few", counts),
    );
    const difference = a && b ? pairedInterval(a, b) : null;
    if (!a || difference === null) return [];
    const queries = a.queries.reduce((sum, count) => sum + count, 0);
    return queries === 0 ? [] : [{ title: name, difference, note: `${whole(queries)} queries` }];
  });
}

/** The method that the page is about: the learner that stands highest, ceilings apart. */
function subjectOf(ranked: readonly Method[], reference: Method | undefined): Method | undefined {
  const candidates = ranked.filter((method) => method !== reference && method.algorithm !== "ideal");
  return candidates.find(({ algorithm }) => algorithm === "meta-sgd") ?? candidates[0];
}

/** One sentence that can be quoted. */
function Sentence({ leader, reference }: { leader: Method | undefined; reference: Method | undefined }) {
  const metric = view.metric.value;
  const at = place.value;
  const [own, other] = [leader, reference].map((method) => method && peopleFigures(method, at, metric, "few"));
  if (!leader || !reference || !own || !other) {
    const only = reference && peopleFigures(reference, at, metric, "few");
    if (!reference || !only) return null;
    const alone = meanInterval(only.mean, only.queries);
    return (
      <p class="answer">
        {reference.title} {figure(alone.value)} ({metricTitles[metric]}, 95 % interval {figure(alone.low)} to{" "}
        {figure(alone.high)}). Open another method's results to compare.
      </p>
    );
  }
  const difference = pairedInterval(own, other);
  const value = (figures: typeof own) => figure(meanInterval(figures.mean, figures.queries).value);
  const shot = usesSupport(leader, at) ? "Few-shot " : "";
  return (
    <p class="answer">
      {shot}
      {leader.title} {value(own)} against {reference.title.replace(/^Plain/, "plain")} {value(other)}
      {difference === null ? (
        ". These are other people, so no difference is drawn."
      ) : (
        <>
          {": "}
          <strong class={difference.low > 0 ? "good" : difference.high < 0 ? "bad" : ""}>
            {signed(difference.value)}
          </strong>
          , 95 % interval {signed(difference.low)} to {signed(difference.high)}
          {difference.low > 0
            ? ": better; the interval leaves out 0."
            : difference.high < 0
              ? ": worse; the interval leaves out 0."
              : ": no clear difference; the interval holds 0."}
        </>
      )}
    </p>
  );
}
