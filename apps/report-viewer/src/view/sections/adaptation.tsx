import { linesFigure, type Series } from "../../figures/lines.js";
import { type PersonChange, peopleFigure } from "../../figures/people.js";
import { meanInterval } from "../../model/bootstrap.js";
import { figure } from "../../model/format.js";
import {
  type Evaluation,
  evaluationsAt,
  fewShotOf,
  type Method,
  usesSupport,
  zeroShotOf,
} from "../../model/methods.js";
import { expectedRank, metricTitles } from "../../model/metrics.js";
import { figuresOf } from "../../model/people.js";
import { methods, place, subject, view } from "../../state.js";
import { Choice } from "../controls.js";
import { FigureFrame } from "../figure-frame.js";

/** What the inner steps and the support pairs do. */
export function Adaptation() {
  const metric = view.metric.value;
  const title = metricTitles[metric];
  const adapting = methods.value.filter((method) => usesSupport(method, place.value));
  const steps = methods.value.map((method) => curve(method, "steps")).filter((series) => series.x.length > 1);
  const supports = methods.value.map((method) => curve(method, "k")).filter((series) => series.x.length > 1);
  const method = adapting.find(({ id }) => id === subject.value?.id) ?? adapting[0];
  const changes = method ? personChanges(method) : [];
  return (
    <section class="section" aria-labelledby="adaptation-title">
      <h2 id="adaptation-title" tabIndex={-1}>
        Adaptation
      </h2>
      {steps.length === 0 && method === undefined ? <p>No open file adapts to the support pairs.</p> : null}
      {steps.length > 0 ? (
        <FigureFrame
          id="steps"
          title={`${title} by number of inner steps`}
          note="On all K support pairs. kshot evaluate --steps 0,1,5,10,20,50 draws it further."
          draw={(width) =>
            linesFigure(steps, { x: "inner steps", y: title, width, dots: true, format: (v) => figure(v, 3) })
          }
        />
      ) : null}
      {supports.length > 0 ? (
        <FigureFrame
          id="supports"
          title={`${title} by number of support pairs`}
          note="The last k pairs before the queries."
          draw={(width) =>
            linesFigure(supports, { x: "support pairs", y: title, width, dots: true, format: (v) => figure(v, 3) })
          }
        />
      ) : null}
      {method && changes.length > 0 ? (
        <>
          {adapting.length > 1 ? (
            <div class="controls">
              <Choice
                label="Method"
                of={view.method}
                value={method.id}
                options={adapting.map(({ id, title: name }) => [id, name])}
              />
            </div>
          ) : null}
          <FigureFrame
            id="people"
            title={`Who gains: ${method.title}, each person before and after`}
            draw={(width) => peopleFigure(changes, { metric: title, width })}
          />
        </>
      ) : null}
    </section>
  );
}

/** The metric by steps (at all K pairs) or by pairs (at the method's own steps), with intervals over people. */
function curve(method: Method, by: "steps" | "k"): Series {
  const [file] = method.files;
  const own = evaluationsAt(file!, place.value);
  const few = fewShotOf(file!, place.value);
  const points = own
    .filter((entry) => (by === "steps" ? entry.k === file!.results.k : entry.steps === few?.steps || entry.k === 0))
    .sort((a, b) => a[by] - b[by])
    .filter((entry, i, list) => i === 0 || entry[by] !== list[i - 1]![by]);
  const intervals = points.map((entry) => {
    const evaluations = method.files.map((other) =>
      evaluationsAt(other, place.value).find((e) => e.k === entry.k && e.steps === entry.steps),
    );
    const figures = figuresOf(
      evaluations.filter((e): e is Evaluation => e !== undefined),
      view.metric.value,
    );
    return meanInterval(figures.mean, figures.queries);
  });
  return {
    title: method.title,
    x: points.map((entry) => entry[by]),
    y: intervals.map(({ value }) => value),
    low: intervals.map(({ low }) => low),
    high: intervals.map(({ high }) => high),
  };
}

/** Mean over seeds of each person before and after; the detail is of the first seed. */
function personChanges(method: Method): PersonChange[] {
  const metric = view.metric.value;
  const of = (shot: typeof fewShotOf) =>
    method.files.map((file) => shot(file, place.value)).filter((e): e is Evaluation => e !== undefined);
  const [before, after] = [of(zeroShotOf), of(fewShotOf)];
  if (before.length === 0 || after.length === 0) return [];
  const [zero, few] = [figuresOf(before, metric), figuresOf(after, metric)];
  const { data } = method.files[0]!.results;
  const name = (item: number) => data.titles?.[item] ?? data.items[item] ?? `item ${item}`;
  const listed = (title: string, items: readonly number[] | undefined) =>
    items === undefined || items.length === 0 ? [] : [`${title}: ${items.map(name).join(", ")}`];
  return zero.users.map((user, p) => ({
    user,
    before: zero.mean[p]!,
    after: few.mean[p]!,
    historyLength: after[0]!.people.historyLength[p]!,
    detail: [
      ...listed("Took", after[0]!.people.history?.[p]?.slice(-5)),
      ...listed("Top before", before[0]!.people.top?.[p]?.slice(0, 3)),
      ...listed("Top after", after[0]!.people.top?.[p]?.slice(0, 3)),
      `Then took ${after[0]!.people.queries[p]!.slice(0, 3)
        .map((query, q) => {
          const was = before[0]!.people.queries[p]![q];
          return `${name(query.label)} (rank ${was ? rank(was) : "?"} → ${rank(query)})`;
        })
        .join(", ")}`,
    ].join("\n"),
  }));
}

function rank(query: { readonly higher: number; readonly tied: number }): string {
  return String(Math.round(10 * expectedRank(query)) / 10);
}
