import { comparisonFigure } from "../../figures/comparison.js";
import { differencesFigure } from "../../figures/differences.js";
import { comparedRows, isCeiling } from "../../model/compare.js";
import { methodDefinitions, termDefinitions } from "../../model/definitions.js";
import { fewShotOf, type Method } from "../../model/methods.js";
import { metricDefinitions, metricNames, metricTitles } from "../../model/metrics.js";
import { splitTitles, windowTitles } from "../../model/titles.js";
import { baseline, methods, place, places, view } from "../../state.js";
import { Choice } from "../controls.js";
import { FigureFrame } from "../figure-frame.js";
import { Term } from "../term.js";
import { ForWhom } from "./for-whom.js";
import { Sentence } from "./sentence.js";

/** Who wins, by how much, how sure, for whom. */
export function Answer() {
  const metric = view.metric.value;
  const title = metricTitles[metric];
  const at = place.value;
  const reference = baseline.value;
  const rows = comparedRows(methods.value, at, metric, reference);
  const first = rows[0]?.method.files[0];
  const people = (first && fewShotOf(first, at)?.people) ?? null;
  const subject = subjectOf(
    rows.map((row) => row.method),
    reference,
  );
  const splits = [...new Set(places.value.map(({ split }) => split))];
  const about = `${metric} ${at.split} ${at.window}`;
  return (
    <section class="section" aria-labelledby="answer-title">
      <h2 id="answer-title" tabIndex={-1}>
        The answer
      </h2>
      <Sentence subject={subject} reference={reference} rows={rows} />
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
      {people === null || first === undefined ? (
        <p>No open file has an evaluation here.</p>
      ) : (
        <>
          <p class="note">
            {capital(windowTitles[at.window])}; <Term says={termDefinitions.K}>{`K = ${first.results.k}`}</Term> support
            and <Term says={termDefinitions.Q}>{`Q = ${first.results.q}`}</Term> query pairs. {title}:{" "}
            {lower(metricDefinitions[metric])}. <Term says={termDefinitions["few-shot"]}>Few-shot</Term> is with the
            support pairs, <Term says={termDefinitions["zero-shot"]}>zero-shot</Term> without; bars are{" "}
            <Term says={termDefinitions["95 % interval"]}>95 % intervals</Term>.{" "}
            {people.user.length < 30
              ? `Only ${people.user.length} people: the intervals are too short (at 20 people a 95 % interval covers about 91 %). `
              : ""}
          </p>
          <FigureFrame
            id="comparison"
            title={`${title} of every method`}
            about={about}
            draw={(width) => comparisonFigure(rows, { metric: title, width })}
          />
          <p class="note">
            What they are:{" "}
            {rows.map(({ method }, i) => (
              <>
                {i === 0 ? "" : ", "}
                <Term says={methodDefinitions[method.algorithm]}>{method.title}</Term>
              </>
            ))}
            .
          </p>
          {rows.some((row) => row.difference) && reference ? (
            <FigureFrame
              id="differences"
              title={`Difference to ${reference.title}`}
              note="Paired: each person's own difference, the mean over seeds, resampled over people."
              about={`${about} to ${reference.id}`}
              draw={(width) =>
                differencesFigure(
                  rows.flatMap(({ method, difference }) =>
                    difference ? [{ title: method.title, difference, muted: isCeiling(method) }] : [],
                  ),
                  { metric: title, baseline: reference.title, width },
                )
              }
            />
          ) : null}
          {subject && reference && subject !== reference ? <ForWhom subject={subject} reference={reference} /> : null}
        </>
      )}
    </section>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** The method that the page is about: Meta-SGD, else what stands highest, ceilings apart. */
function subjectOf(ranked: readonly Method[], reference: Method | undefined): Method | undefined {
  const candidates = ranked.filter((method) => method !== reference && !isCeiling(method));
  return candidates.find(({ algorithm }) => algorithm === "meta-sgd") ?? candidates[0];
}
