import { rateBandsFigure } from "../../figures/rate-bands.js";
import { rateHeatmapFigure } from "../../figures/rate-heatmap.js";
import { rateHistogramsFigure } from "../../figures/rate-histograms.js";
import { gateRates, layerHypothesis, rangeOf, tensorRates } from "../../model/rates.js";
import { methods, subject, view } from "../../state.js";
import { Choice } from "../controls.js";
import { FigureFrame } from "../figure-frame.js";

/** Where the learned rates went. */
export function Rates() {
  const method = subject.value;
  const withRates = methods.value.filter(({ files }) => Object.keys(files[0]!.results.alpha).length > 0);
  const file = method?.files[0];
  const heading = (
    <h2 id="rates-title" tabIndex={-1}>
      Learned rates
    </h2>
  );
  if (!file || Object.keys(file.results.alpha).length === 0) {
    return (
      <section class="section" aria-labelledby="rates-title">
        {heading}
        <p>No open file has inner learning rates. Open the results of a meta-learner, as metasgd_K5_Q10.json.</p>
        {withRates.length > 0 ? <MethodChoice options={withRates} /> : null}
      </section>
    );
  }
  const { alpha, history, data, config } = file.results;
  const range = rangeOf(config);
  const matrices = Object.keys(alpha).filter((name) => (alpha[name]!.matrix?.length ?? 0) > 1);
  const tensor = matrices.includes(view.tensor.value)
    ? view.tensor.value
    : (matrices.find((name) => name === "embedding.weight") ?? matrices[0]);
  const gates = gateRates(file);
  const courses = Object.entries(history.alpha)
    .filter(([name]) => name in alpha)
    .map(([name, { quantiles }]) => ({ name, iteration: history.iteration, quantiles }));
  const hypothesis = layerHypothesis(file);
  return (
    <section class="section" aria-labelledby="rates-title">
      {heading}
      {hypothesis === null ? null : <p class="lead">{hypothesis}</p>}
      <div class="controls">
        {withRates.length > 1 ? <MethodChoice options={withRates} /> : null}
        {matrices.length > 1 ? (
          <Choice
            label="Tensor of the heat map"
            of={view.tensor}
            value={tensor ?? ""}
            options={matrices.map((name) => [name, name])}
          />
        ) : null}
      </div>
      <FigureFrame
        id="rates"
        title={`Inner rates of ${method!.title}, per tensor`}
        note="Each ridge is a histogram of one tensor's rates; heights are square roots of counts, so that a heap at an end hides nothing; the upright stroke is the mean. At the right the mean, and the share of rates at the low and at the high end of the allowed range."
        draw={(width) => rateHistogramsFigure(tensorRates(file), { range, width })}
      />
      {gates.length > 0 ? (
        <FigureFrame
          id="gates"
          title="The same, per gate of the GRU"
          note="r resets what the state says, z keeps it, n is what comes new."
          draw={(width) => rateHistogramsFigure(gates, { range, width })}
        />
      ) : null}
      {courses.length > 0 && history.iteration.length > 1 ? (
        <FigureFrame
          id="rates-over-training"
          title="How they moved over training"
          note="Line: median. Dark band: the middle half. Light band: nine tenths."
          draw={(width) => rateBandsFigure(courses, { width })}
        />
      ) : null}
      {tensor === undefined ? null : (
        <FigureFrame
          id="heat-map"
          title={`Rates of ${tensor}, row by row`}
          draw={(width) =>
            rateHeatmapFigure(alpha[tensor]!.matrix!, {
              name: tensor,
              width,
              rowName: (row) => rowName(tensor, row, alpha[tensor]!.shape[0]!, data),
            })
          }
        />
      )}
    </section>
  );
}

function MethodChoice({ options }: { options: typeof methods.value }) {
  return (
    <Choice
      label="Method"
      of={view.method}
      value={subject.value?.id ?? ""}
      options={options.map(({ id, title }) => [id, title])}
    />
  );
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
