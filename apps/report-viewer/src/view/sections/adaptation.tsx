import { linesFigure } from "../../figures/lines.js";
import { type PersonChange, peopleFigure } from "../../figures/people.js";
import { curvesOf } from "../../model/adaptation-curves.js";
import { figure } from "../../model/format.js";
import { type Evaluation, fewShotOf, type Method, zeroShotOf } from "../../model/methods.js";
import { expectedRank, metricTitles } from "../../model/metrics.js";
import { figuresOf } from "../../model/people.js";
import { adapting, adaptingSubject, methods, place, view } from "../../state.js";
import { Choice } from "../controls.js";
import { FigureFrame } from "../figure-frame.js";

/** What the inner steps and the support pairs do. */
export function Adaptation() {
  const metric = view.metric.value;
  const title = metricTitles[metric];
  const curves = (by: "steps" | "k") =>
    methods.value
      .flatMap((method, colour) => curvesOf(method, by, place.value, metric).map((one) => ({ ...one, colour })))
      .filter((one) => one.x.length > 1);
  const [steps, supports] = [curves("steps"), curves("k")];
  const method = adaptingSubject.value;
  const changes = method ? personChanges(method) : [];
  const about = `${metric} ${place.value.split} ${place.value.window}`;
  const value = (v: number) => figure(v, 3);
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
          about={about}
          note="On all K support pairs. Results of kshot evaluate --steps 0,1,5,10,20,50, opened beside these, draw it further."
          draw={(width) => linesFigure(steps, { x: "inner steps", y: title, width, dots: true, format: value })}
        />
      ) : null}
      {supports.length > 0 ? (
        <FigureFrame
          id="supports"
          title={`${title} by number of support pairs`}
          about={about}
          note="The last k pairs before the queries; kshot evaluate -k 1,2,3,4,5 measures more of them. Points at neighbouring k are joined, others are not: nothing was measured between."
          draw={(width) =>
            linesFigure(supports, {
              x: "support pairs",
              y: title,
              width,
              dots: true,
              neighbours: true,
              format: value,
            })
          }
        />
      ) : null}
      {method && changes.length > 0 ? (
        <>
          {adapting.value.length > 1 ? (
            <div class="controls">
              <Choice
                label="Method"
                of={view.method}
                value={method.id}
                options={adapting.value.map(({ id, title: name }) => [id, name])}
              />
            </div>
          ) : null}
          <FigureFrame
            id="people"
            title={`Who gains: ${method.title}, each person before and after`}
            about={`${about} ${method.id}`}
            draw={(width) => peopleFigure(changes, { metric: title, width })}
          />
        </>
      ) : null}
    </section>
  );
}

/** Mean over seeds of each person before and after; items and ranks are of the first seed. */
function personChanges(method: Method): PersonChange[] {
  const metric = view.metric.value;
  const of = (shot: typeof fewShotOf) =>
    method.files.map((file) => shot(file, place.value)).filter((e): e is Evaluation => e !== undefined);
  const [before, after] = [of(zeroShotOf), of(fewShotOf)];
  if (before.length === 0 || after.length === 0) return [];
  const [zero, few] = [figuresOf(before, metric), figuresOf(after, metric)];
  const { data } = method.files[0]!.results;
  const name = (item: number) => data.titles?.[item] ?? data.items[item] ?? `item ${item}`;
  const listed = (items: readonly number[] | undefined) => (items ?? []).map(name).join(", ");
  return zero.users.map((user, p) => ({
    user,
    before: zero.mean[p]!,
    after: few.mean[p]!,
    historyLength: after[0]!.people.historyLength[p]!,
    took: listed(after[0]!.people.history?.[p]?.slice(-5)),
    topBefore: listed(before[0]!.people.top?.[p]?.slice(0, 3)),
    topAfter: listed(after[0]!.people.top?.[p]?.slice(0, 3)),
    next: after[0]!.people.queries[p]!.slice(0, 3)
      .map((query, q) => {
        const was = before[0]!.people.queries[p]![q];
        return `${name(query.label)} (rank ${was ? rank(was) : "?"} → ${rank(query)})`;
      })
      .join(", "),
  }));
}

function rank(query: { readonly higher: number; readonly tied: number }): string {
  return String(Math.round(10 * expectedRank(query)) / 10);
}
