import { alphaRangeOf, fixedRate, hasRates, isUsual, type Method, rateFinding, titleOfMetric } from "@kshot/comparison";
import type { VNode } from "preact";
import { anatomyFigure } from "../../figures/anatomy.js";
import { rateBandsFigure } from "../../figures/rate-bands.js";
import { rateFrequencyFigure } from "../../figures/rate-frequency.js";
import { rateHeatmapFigure } from "../../figures/rate-heatmap.js";
import { rateHistogramsFigure } from "../../figures/rate-histograms.js";
import { anatomyOf } from "../../model/anatomy.js";
import { tensorDefinition, termDefinitions } from "../../model/definitions.js";
import { short } from "../../model/format.js";
import { itemRates } from "../../model/item-rates.js";
import { equalRate, gateRates, rateDistributions } from "../../model/rates.js";
import { methods, metric, ratesSubject, subject, view } from "../../state.js";
import { Choice } from "../controls.js";
import { FigureFrame } from "../figure-frame.js";
import { InSlices } from "../in-slices.js";
import { Term } from "../term.js";

/** The learned rates: sentence, distributions, course over training, heat map. */
export function Rates() {
  return (
    <section class="section" aria-labelledby="rates-title">
      <h2 id="rates-title" tabIndex={-1}>
        Learned rates
      </h2>
      <InSlices of={rates} />
    </section>
  );
}

function rates() {
  const method = ratesSubject.value;
  return method === undefined ? (
    <NoRates />
  ) : (
    <>
      {subject.value === undefined || method === subject.value ? null : (
        <p class="note">
          {subject.value.title} learned no inner rates; those of {method.title} are shown.
        </p>
      )}
      {ratesOf(method)}
    </>
  );
}

/** The figures of the last method: they stay as they are if another view has the same method. */
let last: { readonly method: Method; readonly part: VNode } | null = null;

function ratesOf(method: Method): VNode {
  if (last?.method !== method) {
    const part = (
      <>
        <LearnedRates key={method.id} method={method} />
        <FixedRates />
      </>
    );
    last = { method, part };
  }
  return last.part;
}

/** The diagram of the network: its gains are in the chosen metric, the other figures of the rates are of no metric. */
function anatomy() {
  const method = ratesSubject.value;
  if (method === undefined) return null;
  const file = method.files[0];
  const measured = isUsual(metric.value) ? metric.value : "mrr";
  return (
    <FigureFrame
      id="anatomy"
      title={`Parts of ${method.title} that adapt`}
      about={`${measured} ${method.id}`}
      note={`A block's colour is its median inner rate, from dark (low) to bright (high); a taller block has a larger gain on the validation people when only this part adapts.${file.results.ablation === undefined ? " These results hold no gains of the parts; kshot train writes them for Meta-SGD." : ""}`}
      draw={(width) => anatomyFigure(anatomyOf(file, measured), { metric: titleOfMetric(measured), width })}
    />
  );
}

function LearnedRates({ method }: { method: Method }) {
  const file = method.files[0];
  const { alpha, history, data } = file.results;
  const range = alphaRangeOf(file.results);
  const matrices = Object.entries(alpha).flatMap(([name, { matrix = [] }]) =>
    matrix.length > 1 && equalRate(file.results, name) === null ? [name] : [],
  );
  const tensor = matrices.includes(view.tensor.value)
    ? view.tensor.value
    : (matrices.find((name) => name === "embedding.weight") ?? matrices[0]);
  const { matrix, shape: [rows = 0] = [] } = (tensor === undefined ? undefined : alpha[tensor]) ?? {};
  const gates = gateRates(file);
  const distributions = rateDistributions(file);
  const equal = Object.keys(alpha).flatMap((name) => {
    const rate = equalRate(file.results, name);
    return rate === null ? [] : [`${name} ${short(rate)}`];
  });
  const byFrequency = itemRates(file);
  const courses = Object.entries(history.alpha)
    // A tensor whose rates are always equal is not drawn.
    .filter(
      ([name, { quantiles }]) =>
        name in alpha && quantiles.some((own) => own.some((rate) => rate !== quantiles[0]?.[0])),
    )
    .map(([name, { quantiles }]) => ({ name, iteration: history.iteration, quantiles }));
  const finding = rateFinding(file.results);
  return (
    <>
      {finding === null ? null : <p class="lead">{finding}</p>}
      <p class="note">
        <Term says={termDefinitions.α}>α</Term> of{" "}
        {Object.keys(alpha).map((name, i) => (
          <>
            {i === 0 ? "" : ", "}
            <Term says={tensorDefinition(name)}>{name}</Term>
          </>
        ))}
        {method.files.length > 1 ? `; of the first of ${method.files.length} seeds` : ""}.
      </p>
      <InSlices of={anatomy} />
      {equal.length === 0 ? null : <p class="note">Every rate is the same, so nothing is drawn: {equal.join("; ")}.</p>}
      {distributions.length === 0 ? null : (
        <FigureFrame
          id="rates"
          title={`Inner rates of ${method.title}, per tensor`}
          about={method.id}
          note="Each row is a histogram of one tensor's rates. Heights are square roots of counts, so that small counts stay visible. The vertical line is the mean. The labels are the mean, and the shares of rates at the low and at the high end of the allowed range."
          draw={(width) => rateHistogramsFigure(distributions, { range, width })}
        />
      )}
      {byFrequency.length === 0 ? null : (
        <FigureFrame
          id="rates-frequency"
          title="Inner rates against how often an item is taken"
          about={method.id}
          note="Each dot is an item; the line joins medians of items of similar frequency, its bars are the middle 50 %. A rising line means that popular items adapt faster."
          draw={(width) => rateFrequencyFigure(byFrequency, { width })}
        />
      )}
      {gates.length > 0 ? (
        <FigureFrame
          id="gates"
          title="Inner rates per gate of the GRU"
          about={method.id}
          note="Gate r resets the state, z keeps it, n is the new candidate."
          draw={(width) => rateHistogramsFigure(gates, { range, width })}
        />
      ) : null}
      {courses.length > 0 && history.iteration.length > 1 ? (
        <FigureFrame
          id="rates-over-training"
          title="Inner rates over training"
          about={method.id}
          note="Line: median. Dark band: the middle 50 %. Light band: the middle 90 %."
          draw={(width) => rateBandsFigure(courses, { width, range })}
        />
      ) : null}
      {matrices.length > 1 ? (
        <div class="controls">
          <Choice
            label="Tensor of the heat map"
            of={view.tensor}
            value={tensor ?? ""}
            options={matrices.map((name) => [name, name])}
            hint={tensorDefinition(tensor ?? "")}
          />
        </div>
      ) : null}
      {tensor === undefined || matrix === undefined ? null : (
        <FigureFrame
          id="heat-map"
          wide
          title={`Rates of ${tensor}, row by row`}
          about={`${tensor} ${method.id}`}
          note="Each row of cells is a row of the tensor. Rows with the highest mean rate are at the top. The first and the last rows are named."
          draw={(width) =>
            rateHeatmapFigure(matrix, {
              name: tensor,
              width,
              axes: axesOf(tensor),
              rowName: (row) => rowName(tensor, row, rows, data),
            })
          }
        />
      )}
    </>
  );
}

/** The text if no rates were learned. */
function NoRates() {
  if (methods.value.some(({ files }) => hasRates(files[0].results))) return <FixedRates />;
  return <p>No open file has inner learning rates. Open the results of a meta-learner, as metasgd_K5_Q10.json.</p>;
}

/** Methods with one fixed rate: a sentence instead of a figure. */
function FixedRates() {
  const fixed = methods.value.flatMap(({ title, files }) => {
    const rate = hasRates(files[0].results) ? fixedRate(files[0].results) : null;
    return rate === null ? [] : [`${title}'s inner rate is fixed at ${short(rate)}`];
  });
  return fixed.length === 0 ? null : <p class="note">{fixed.join("; ")}: nothing was learned there.</p>;
}

/** The meaning of a matrix's rows and columns. */
function axesOf(tensor: string): { rows: string; columns: string } {
  if (tensor.startsWith("embedding.")) return { rows: "items", columns: "dimensions" };
  if (tensor.startsWith("fc.")) return { rows: "items", columns: "hidden units" };
  if (tensor.startsWith("gru.weight_ih")) return { rows: "gate units (r, z, n)", columns: "input dimensions" };
  if (tensor.startsWith("gru.weight_hh")) return { rows: "gate units (r, z, n)", columns: "hidden units" };
  return { rows: "rows", columns: "columns" };
}

/** A row of the embedding or the output layer is an item; of the GRU, a unit of a gate. */
function rowName(
  tensor: string,
  row: number,
  rows: number,
  data: { items: readonly string[]; titles?: readonly string[] | undefined },
): string {
  if (tensor.startsWith("embedding.") || tensor.startsWith("fc."))
    return data.titles?.[row] ?? data.items[row] ?? `row ${row}`;
  const gate = ["r", "z", "n"][Math.floor((3 * row) / rows)];
  return `gate ${gate}, unit ${row % (rows / 3)}`;
}
