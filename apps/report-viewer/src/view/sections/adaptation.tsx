import {
  evaluationsOf,
  fewShotOf,
  figure,
  type Method,
  meanOverSeeds,
  namedMetrics,
  titleOfMetric,
  whole,
  zeroShotOf,
} from "@kshot/comparison";
import { expectedRank } from "@kshot/metrics";
import { linesFigure } from "../../figures/lines.js";
import { type PersonChange, peopleFigure } from "../../figures/people.js";
import { curvesOf } from "../../model/adaptation-curves.js";
import { adapting, adaptingSubject, colours, methods, place, rankMetric } from "../../state.js";
import { FigureFrame } from "../figure-frame.js";
import { InSlices } from "../in-slices.js";
import { swapped } from "./swap.js";

/** The effect of inner steps and support pairs. */
export function Adaptation() {
  return (
    <section class="section" aria-labelledby="adaptation-title">
      <h2 id="adaptation-title" tabIndex={-1}>
        Adaptation
      </h2>
      <InSlices of={bySteps} />
      <InSlices of={byPairs} />
      <InSlices of={swapped} />
      <InSlices of={byPerson} />
    </section>
  );
}

function curves(by: "steps" | "k") {
  return methods.value
    .flatMap((method) =>
      curvesOf(method, by, place.value, rankMetric.value).map((one) => ({
        ...one,
        colour: colours.value.get(method.id) ?? 0,
      })),
    )
    .filter((one) => one.x.length > 1);
}

const about = () => `${rankMetric.value} ${place.value.split} ${place.value.window}`;
const value = (v: number) => figure(v, 3);

function bySteps() {
  const steps = curves("steps");
  const title = titleOfMetric(rankMetric.value);
  if (steps.length === 0) {
    return adapting.value.length > 0 ? null : <p>No open file adapts to the support pairs.</p>;
  }
  return (
    <FigureFrame
      id="steps"
      title={`${title} by number of inner steps`}
      about={about()}
      note="Each method adapts to all K support pairs. Open results of kshot evaluate --steps 0,1,5,10,20,50 together with these to add points."
      draw={(width, hidden) =>
        linesFigure(steps, { x: "inner steps", y: title, width, hidden, dots: true, format: value })
      }
    />
  );
}

function byPairs() {
  const supports = curves("k");
  const title = titleOfMetric(rankMetric.value);
  return supports.length === 0 ? null : (
    <FigureFrame
      id="supports"
      title={`${title} by number of support pairs`}
      about={about()}
      note="Each method adapts to the last k pairs before the queries. kshot evaluate --k 1,2,3,4,5 measures more values of k. Lines join points at adjacent k only, because there are no measurements between other points."
      draw={(width, hidden) =>
        linesFigure(supports, {
          ...{ x: "support pairs", y: title, width, hidden },
          ...{ dots: true, neighbours: true, format: value },
        })
      }
    />
  );
}

function byPerson() {
  const method = adaptingSubject.value;
  const title = titleOfMetric(rankMetric.value);
  const changes = method === undefined ? [] : personChanges(method);
  if (method === undefined || changes.length === 0) return null;
  const heading = `Change per person: ${method.title}, before and after adapting`;
  if (changes.every(({ before, after }) => before === after)) {
    return (
      <section>
        <h3>{heading}</h3>
        <p class="note">
          {title} of every one of the {whole(changes.length)} people is the same before and after adapting.
        </p>
      </section>
    );
  }
  return (
    <FigureFrame
      id="people"
      title={heading}
      about={`${about()} ${method.id}`}
      note="Each bar is one person, or several adjacent people, from the largest loss to the largest gain. Its tip has the person's items and the highest-ranked items before and after adapting."
      draw={(width) => peopleFigure(changes, { metric: title, width })}
    />
  );
}

/** Mean over seeds of each person before and after; items and ranks are of the first seed. */
function personChanges(method: Method): PersonChange[] {
  const metric = rankMetric.value;
  const [before, after] = [zeroShotOf, fewShotOf].map((shot) => evaluationsOf(method, place.value, shot));
  const [without, first] = [before?.[0]?.people, after?.[0]?.people];
  if (!before || !after || !without || !first) return [];
  const { data } = method.files[0].results;
  const means = (evaluations: typeof before) =>
    meanOverSeeds(
      evaluations.map((own) => namedMetrics(own, data.items.length, [metric])),
      metric,
    );
  const [zero, few] = [means(before), means(after)];
  const name = (item: number) => data.titles?.[item] ?? data.items[item] ?? `item ${item}`;
  const listed = (items: readonly number[] | undefined) => (items ?? []).map(name).join(", ");
  return first.user.map((user, p) => ({
    user,
    before: zero[p] ?? 0,
    after: few[p] ?? 0,
    historyLength: first.historyLength[p] ?? 0,
    took: listed(first.history?.[p]?.slice(-5)),
    topBefore: listed(without.top?.[p]?.slice(0, 3)),
    topAfter: listed(first.top?.[p]?.slice(0, 3)),
    next: (first.queries[p] ?? [])
      .slice(0, 3)
      .map((query, q) => {
        const was = without.queries[p]?.[q];
        return `${name(query.label)} (rank ${was ? rank(was) : "?"} → ${rank(query)})`;
      })
      .join(", "),
  }));
}

function rank(query: { readonly higher: number; readonly tied: number }): string {
  return String(Math.round(10 * expectedRank(query)) / 10);
}
