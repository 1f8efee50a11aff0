import {
  answerOf,
  definitionOfMetric,
  isBound,
  isOfLists,
  type Method,
  sameWindowsNote,
  splitTitles,
  titleOfMetric,
  windowNotes,
  windowTitles,
} from "@kshot/comparison";
import { comparisonFigure } from "../../figures/comparison.js";
import { differencesFigure } from "../../figures/differences.js";
import { comparisonRows } from "../../model/comparison-rows.js";
import { methodDefinition, termDefinitions } from "../../model/definitions.js";
import {
  baseline,
  compared,
  evaluated,
  incomparable,
  methods,
  metric,
  metrics,
  personal,
  place,
  places,
  present,
  rankMetric,
  sameWindows,
  subject,
  view,
} from "../../state.js";
import { Choice } from "../controls.js";
import { FigureFrame } from "../figure-frame.js";
import { Term } from "../term.js";
import { AdviceInWords } from "./advice.js";
import { AskedMetrics } from "./asked-metrics.js";
import { Experts } from "./experts.js";
import { ForWhom, GainByPopularity, MethodsByGroup } from "./for-whom.js";
import { Gains } from "./gains.js";
import { Listed } from "./listed.js";
import { Sentence } from "./sentence.js";

/** The first screen: the comparison in words, figures, differences and groups. */
export function Answer() {
  const name = metric.value;
  const title = titleOfMetric(name);
  const at = place.value;
  const reference = baseline.value;
  const shown = compared.value;
  // An interval over one person has no width, so results of one person give no answer.
  const enough = shown !== null && shown.people > 1;
  const first = reference?.files[0].results;
  const rows = shown && enough ? comparisonRows(shown, present.value, name) : [];
  const answer =
    shown && enough && reference && first
      ? answerOf(shown, {
          ...{ metric: name, place: at, k: first.k, q: first.q, reference: reference.title },
          ...(subject.value === undefined ? {} : { subject: subject.value.title }),
        })
      : null;
  const missing = methods.value.filter((method) => !evaluated.value.includes(method));
  const without = evaluated.value.filter((method) => !present.value.includes(method));
  const splits = [...new Set(places.value.map(({ split }) => split))];
  const about = `${name} ${at.split} ${at.window}`;
  return (
    <section class="section" aria-labelledby="answer-title">
      <h2 id="answer-title" tabIndex={-1}>
        The answer
      </h2>
      <AdviceInWords />
      <Sentence answer={answer} />
      {incomparable.value === null ? null : <p class="differing">{incomparable.value}</p>}
      <div class="controls">
        <Choice
          label="Metric"
          of={view.metric}
          value={name}
          options={metrics.value.map((one) => [one, titleOfMetric(one)])}
          hint={definitionOfMetric(name)}
        />
        <Choice
          label="Window"
          of={view.window}
          value={at.window}
          options={[...new Set(places.value.map((one) => one.window))].map((name) => [name, `${name} window`])}
          hint={windowTitle(at.window)}
        />
        {splits.length > 1 ? (
          <Choice
            label="People"
            of={view.split}
            value={at.split}
            options={splits.map((name) => [name, splitTitles[name]])}
          />
        ) : null}
        {present.value.length > 1 ? (
          <Choice
            label="About"
            of={view.method}
            value={subject.value?.id ?? ""}
            options={present.value.map(({ id, title: name }) => [id, name])}
            hint="The method of the whole page"
          />
        ) : null}
        <Choice
          label="Compared with"
          of={view.baseline}
          value={reference?.id ?? ""}
          options={methods.value.map(({ id, title: name }) => [id, name])}
          hint="Differences are method minus this method, paired by person"
        />
      </div>
      {shown === null || first === undefined ? <p>No open file has an evaluation here.</p> : null}
      {missing.length > 0 ? (
        <p class="note">
          Not shown: {titles(missing)}. The results have no evaluation of these people after the method's number of
          inner steps.
        </p>
      ) : null}
      {without.length > 0 ? (
        <p class="note">
          Not shown: {titles(without)}. The results do not contain {name} (--metrics).
        </p>
      ) : null}
      {isOfLists(name) ? (
        <p class="note">
          {title} is of whole lists, so the advice and the figures by step, click, person and group of queries leave it
          out; they show {titleOfMetric(rankMetric.value)}.
        </p>
      ) : null}
      {!shown || !enough || first === undefined ? null : (
        <>
          <Gains />
          <p class="note">
            {capital(windowTitle(at.window))}; <Term says={termDefinitions.K}>{`K = ${first.k}`}</Term> support and{" "}
            <Term says={termDefinitions.Q}>{`Q = ${first.q}`}</Term> query pairs. {title}:{" "}
            {lower(definitionOfMetric(name))}. <Term says={termDefinitions["few-shot"]}>Few-shot</Term> is with the
            support pairs, <Term says={termDefinitions["zero-shot"]}>zero-shot</Term> without; bars are{" "}
            <Term says={termDefinitions["95 % interval"]}>95 % intervals</Term>.{" "}
            {windowNotes(shown, first.k + first.q, personal.value).join(" ")}
          </p>
          <FigureFrame
            id="comparison"
            title={`${title} of every method`}
            about={about}
            note="Further right is better. Filled marks: with the support pairs; hollow marks: without. Lines: 95 % intervals; short lines above a mark: each seed."
            draw={(width) => comparisonFigure(rows, { metric: title, width })}
          />
          <AskedMetrics files={evaluated.value.flatMap((method) => method.files)} place={at} />
          <p class="note">
            Definitions:{" "}
            {rows.map(({ title: method, algorithm }, i) => (
              <>
                {i === 0 ? "" : ", "}
                <Term says={methodDefinition(algorithm)}>{method}</Term>
              </>
            ))}
            .
          </p>
          {rows.some((row) => row.difference) && reference ? (
            <FigureFrame
              id="differences"
              title={`Difference to ${reference.title}`}
              note={`Right of the line: better than ${reference.title}. Paired by person, the mean over seeds; if an interval crosses the line, the difference is not clear. Short lines below a mark: each seed.`}
              about={`${about} to ${reference.id}`}
              draw={(width) =>
                differencesFigure(
                  rows.flatMap(({ title: method, algorithm, difference }) =>
                    difference
                      ? [{ title: method, difference, bySeed: difference.bySeed ?? [], muted: isBound(algorithm) }]
                      : [],
                  ),
                  { metric: title, baseline: reference.title, width },
                )
              }
            />
          ) : null}
          {subject.value && reference && subject.value !== reference && !isOfLists(name) ? (
            <ForWhom subject={subject.value} reference={reference} />
          ) : null}
          {subject.value && !isOfLists(name) ? (
            <GainByPopularity key={subject.value.id} subject={subject.value} />
          ) : null}
          {isOfLists(name) || incomparable.value !== null ? null : <MethodsByGroup />}
          <Listed />
          <Experts />
        </>
      )}
    </section>
  );
}

const titles = (all: readonly Method[]) => all.map(({ title }) => title).join(", ");
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** A window in words; both windows if they are the same. */
function windowTitle(window: "first" | "last"): string {
  return sameWindows.value ? sameWindowsNote : `${window} window: ${windowTitles[window]}`;
}
