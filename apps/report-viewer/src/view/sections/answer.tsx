import {
  answerOf,
  definitionOfMetric,
  fewShotOf,
  isBound,
  isOfLists,
  type Method,
  sameWindowsNote,
  splitTitles,
  swapSentence,
  titleOfMetric,
  windowNotes,
  windowTitles,
} from "@kshot/comparison";
import { computed } from "@preact/signals";
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
import { InSlices } from "../in-slices.js";
import { Term } from "../term.js";
import { adviceInWords } from "./advice.js";
import { AskedMetrics } from "./asked-metrics.js";
import { experts } from "./experts.js";
import { forWhom, gainByPopularity, methodsByGroup } from "./for-whom.js";
import { gains } from "./gains.js";
import { listed } from "./listed.js";
import { Sentence } from "./sentence.js";
import { swapTitle } from "./swap.js";

/** The first screen: the comparison in words, figures, differences and groups. */
export function Answer() {
  const name = metric.value;
  const missing = methods.value.filter((method) => !evaluated.value.includes(method));
  const without = evaluated.value.filter((method) => !present.value.includes(method));
  return (
    <section class="section" aria-labelledby="answer-title">
      <h2 id="answer-title" tabIndex={-1}>
        The answer
      </h2>
      <InSlices of={adviceInWords} />
      <InSlices of={sentence} />
      {incomparable.value === null ? null : <p class="differing">{incomparable.value}</p>}
      {places.value.length === 0 ? null : <Controls />}
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
          {titleOfMetric(name)} is of whole lists, so the advice and the figures by step, click, person and group of
          queries leave it out; they show {titleOfMetric(rankMetric.value)}.
        </p>
      ) : null}
      {peopleHere.value > 1 ? (
        <>
          <InSlices of={gains} />
          <InSlices of={circumstances} />
          <InSlices of={everyMethod} />
          <InSlices of={askedOfAll} />
          <InSlices of={definitions} />
          <InSlices of={differences} />
          <InSlices of={forWhom} />
          <InSlices of={gainByPopularity} />
          <InSlices of={methodsByGroup} />
          <InSlices of={listed} />
          <InSlices of={experts} />
        </>
      ) : null}
    </section>
  );
}

/** The choices of the page. They need results of an evaluation. */
function Controls() {
  const name = metric.value;
  const at = place.value;
  const splits = [...new Set(places.value.map(({ split }) => split))];
  return (
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
      <InSlices of={aboutChoice} />
      {baseline.value === undefined ? null : (
        <Choice
          label="Compared with"
          of={view.baseline}
          value={baseline.value.id}
          options={methods.value.map(({ id, title: name }) => [id, name])}
          hint="Differences are method minus this method, paired by person"
        />
      )}
    </div>
  );
}

/** People of the shown place. An interval over one person has no width, so results of one person give no answer. */
const peopleHere = computed(() => {
  const first = (baseline.value ?? present.value[0])?.files[0].results;
  return first === undefined ? 0 : (fewShotOf(first, place.value)?.people.user.length ?? 0);
});

/** The comparison of more than one person, with the settings of the method that others are compared with; null without one. */
function shown() {
  const reference = baseline.value;
  const found = compared.value;
  if (reference === undefined || found === null || peopleHere.value < 2) return null;
  const { k, q } = reference.files[0].results;
  const at = place.value;
  const name = metric.value;
  return { found, reference, k, q, at, name, title: titleOfMetric(name), about: `${name} ${at.split} ${at.window}` };
}

function sentence() {
  const own = shown();
  if (own === null) return null;
  const { found, reference, k, q, at, name } = own;
  const about = subject.value;
  const answer = answerOf(found, {
    ...{ metric: name, place: at, k, q, reference: reference.title },
    ...(about === undefined ? {} : { subject: about.title }),
  });
  return <Sentence answer={answer} />;
}

function aboutChoice() {
  if (present.value.length < 2) return null;
  return (
    <Choice
      label="About"
      of={view.method}
      value={subject.value?.id ?? ""}
      options={present.value.map(({ id, title: name }) => [id, name])}
      hint="The method of the whole page"
    />
  );
}

function circumstances() {
  const own = shown();
  if (own === null) return null;
  const { found, k, q, at, name, title } = own;
  const { swaps = [] } = personal.value ?? {};
  return (
    <>
      <p class="note">
        {capital(windowTitle(at.window))}; <Term says={termDefinitions.K}>{`K = ${k}`}</Term> support and{" "}
        <Term says={termDefinitions.Q}>{`Q = ${q}`}</Term> query pairs. {title}: {lower(definitionOfMetric(name))}.{" "}
        <Term says={termDefinitions["few-shot"]}>Few-shot</Term> is with the support pairs,{" "}
        <Term says={termDefinitions["zero-shot"]}>zero-shot</Term> without; bars are{" "}
        <Term says={termDefinitions["95 % interval"]}>95 % intervals</Term>.{" "}
        {windowNotes(found, k + q, personal.value, { swaps: false }).join(" ")}
      </p>
      {swaps.length > 0 && (
        <details class="note">
          <summary>Each method with pairs of other people, in words (the figure “{swapTitle}” draws them)</summary>
          <ul>
            {swaps.map((swap) => (
              <li key={swap.name}>{swapSentence(swap)}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function everyMethod() {
  const own = shown();
  if (own === null) return null;
  const { found, name, title, about } = own;
  const rows = comparisonRows(found, present.value, name);
  return (
    <FigureFrame
      id="comparison"
      title={`${title} of every method`}
      about={about}
      note="Further right is better. Filled marks: with the support pairs; hollow marks: without. Lines: 95 % intervals; short lines above a mark: each seed."
      draw={(width) => comparisonFigure(rows, { metric: title, width })}
    />
  );
}

function askedOfAll() {
  return AskedMetrics({ files: evaluated.value.flatMap((method) => method.files), place: place.value });
}

function definitions() {
  const own = shown();
  if (own === null) return null;
  return (
    <p class="note">
      Definitions:{" "}
      {comparisonRows(own.found, present.value, own.name).map(({ title: method, algorithm }, i) => (
        <>
          {i === 0 ? "" : ", "}
          <Term says={methodDefinition(algorithm)}>{method}</Term>
        </>
      ))}
      .
    </p>
  );
}

function differences() {
  const own = shown();
  if (own === null) return null;
  const { found, reference, name, title, about } = own;
  const rows = comparisonRows(found, present.value, name).flatMap(({ title: method, algorithm, difference }) =>
    difference ? [{ title: method, difference, bySeed: difference.bySeed ?? [], muted: isBound(algorithm) }] : [],
  );
  return rows.length === 0 ? null : (
    <FigureFrame
      id="differences"
      title={`Difference to ${reference.title}`}
      note={`Right of the line: better than ${reference.title}. Paired by person, the mean over seeds; if an interval crosses the line, the difference is not clear. Short lines below a mark: each seed.`}
      about={`${about} to ${reference.id}`}
      draw={(width) => differencesFigure(rows, { metric: title, baseline: reference.title, width })}
    />
  );
}

const titles = (all: readonly Method[]) => all.map(({ title }) => title).join(", ");
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** A window in words; both windows if they are the same. */
function windowTitle(window: "first" | "last"): string {
  return sameWindows.value ? sameWindowsNote : `${window} window: ${windowTitles[window]}`;
}
