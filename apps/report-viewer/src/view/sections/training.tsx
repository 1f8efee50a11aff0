import {
  alphaRangeOf,
  figure,
  fixedRate,
  hasRates,
  isUsual,
  keptIteration,
  type Method,
  titleOfMetric,
} from "@kshot/comparison";
import { entryAt } from "@kshot/contract";
import { linesFigure, mostBands, type Series } from "../../figures/lines.js";
import { short } from "../../model/format.js";
import { overSeeds } from "../../model/seed-bands.js";
import { longestSmoothing, smooth } from "../../model/smoothing.js";
import { colours, learners, methods, metric as shown, view } from "../../state.js";
import { FigureFrame } from "../figure-frame.js";
import { InSlices } from "../in-slices.js";
import { cost } from "./cost.js";

const iterations = "iteration (plain GRU: minibatch)";

/** The methods that were validated more than once. */
const validatedMethods = () =>
  methods.value.filter(({ files }) => files.some(({ results }) => results.history.validation.length > 1));

/** Validation over iterations, in the chosen metric: the only part that a change of the metric draws again. */
function validation() {
  const validated = validatedMethods();
  // Validation has the five usual metrics only.
  const metric = isUsual(shown.value) ? shown.value : "mrr";
  return validated.length === 0 ? null : (
    <FigureFrame
      id="validation"
      title={`Validation ${titleOfMetric(metric)}`}
      about={metric}
      note={`On the validation people, first window. Rings mark the kept iteration, which has the highest MRR${metric === "mrr" ? "" : ", for every chosen metric"}.${seedNote(validated)}`}
      draw={(width, hidden) =>
        linesFigure(
          validated.map((method) => ({
            ...inColour(method),
            ...overSeeds(method.files, ({ history }) =>
              history.validation.map(({ iteration, metrics }) => [iteration, metrics[metric]]),
            ),
            kept: method.files.flatMap(({ results }) => keptIteration(results.history) ?? []),
          })),
          {
            x: iterations,
            y: titleOfMetric(metric),
            ...{ width, hidden },
            band: "lowest to highest seed",
            keptBy: "highest MRR",
            format: (v) => figure(v, 3),
          },
        )
      }
    />
  );
}

/** Training: validation, loss, rates and time over iterations. */
export function Training() {
  const own = learners.value;
  const withRates = own.filter(({ files }) =>
    files.some(
      ({ results }) =>
        hasRates(results) && Object.keys(results.history.alpha).length > 0 && fixedRate(results) === null,
    ),
  );
  const timed = own.filter(({ files }) => files.some(({ results }) => results.volatile.secondsPerIteration.length > 1));
  const longest = Math.max(1, ...own.map(({ files }) => longestSmoothing(files[0].results.history.iteration.length)));
  const smoothing = Math.min(view.smoothing.value, longest);
  return (
    <section class="section" aria-labelledby="training-title">
      <h2 id="training-title" tabIndex={-1}>
        Training
      </h2>
      {own.length === 0 && validatedMethods().length === 0 ? <p>No open file has a training history.</p> : null}
      <InSlices of={validation} />
      {own.length > 0 ? (
        <>
          {longest > 1 ? (
            <div class="controls">
              <label class="choice">
                <span>Smoothing of loss and time, {smoothing === 1 ? "none" : `mean of ${smoothing} log entries`}</span>
                <input
                  type="range"
                  min="1"
                  max={longest}
                  step="2"
                  value={smoothing}
                  onInput={(event) => {
                    view.smoothing.value = Number(event.currentTarget.value);
                  }}
                />
              </label>
            </div>
          ) : null}
          <FigureFrame
            id="meta-loss"
            title="Training loss"
            note={`Meta-learners: the loss of the query pairs after the inner steps, mean over a meta-batch, in nats. Plain GRU: the minibatch's loss.${seedNote(own)}`}
            draw={(width, hidden) =>
              linesFigure(
                own.map((method) =>
                  smoothed(method, smoothing, ({ history }) =>
                    history.metaLoss.map((value, i) => [history.iteration[i] ?? i, value]),
                  ),
                ),
                { x: iterations, y: "loss", width, hidden, band: "lowest to highest seed", format: short },
              )
            }
          />
        </>
      ) : null}
      {withRates.length > 0 ? (
        <FigureFrame
          id="alpha"
          title="Inner rates: mean and spread"
          note={`Mean over all tensors, weighted by their number of rates${withRates.length > mostBands ? "" : "; the band is one standard deviation to both sides, within the allowed range"}${withRates.some(({ files }) => files.length > 1) ? "; of the first seed" : ""}.`}
          draw={(width, hidden) =>
            linesFigure(withRates.map(alphaSeries), {
              x: "iteration",
              y: "mean α",
              ...{ width, hidden },
              band: "one standard deviation",
              format: short,
            })
          }
        />
      ) : null}
      {timed.length > 0 ? (
        <FigureFrame
          id="time"
          title="Time per iteration"
          note={`Lower is faster. Times are of the machine of each run.${seedNote(timed)}`}
          draw={(width, hidden) =>
            linesFigure(
              timed.map((method) =>
                smoothed(method, smoothing, ({ history, volatile }) =>
                  volatile.secondsPerIteration.map((value, i) => [history.iteration[i] ?? i, 1000 * value]),
                ),
              ),
              {
                x: iterations,
                y: "milliseconds",
                width,
                hidden,
                band: "lowest to highest seed",
                format: short,
                zero: true,
              },
            )
          }
        />
      ) : null}
      <InSlices of={cost} />
    </section>
  );
}

/** A method has the same colour in every figure. */
function inColour(method: Method): { title: string; colour: number } {
  return { title: method.title, colour: colours.value.get(method.id) ?? 0 };
}

/** The note on bands, if the figure has any. */
function seedNote(shown: readonly Method[]): string {
  return shown.length <= mostBands && shown.some(({ files }) => files.length > 1)
    ? " Several seeds make a band from the lowest to the highest."
    : "";
}

/** A curve of running means of log entries, and the entries themselves behind it. */
function smoothed(method: Method, width: number, of: Parameters<typeof overSeeds>[1]): Series {
  const raw = overSeeds(method.files, of);
  const own = Math.min(width, longestSmoothing(raw.x.length));
  if (own === 1) return { ...inColour(method), ...raw };
  return {
    ...inColour(method),
    x: raw.x,
    y: smooth(raw.y, own),
    faint: raw.y,
    ...(raw.low && raw.high ? { low: smooth(raw.low, own), high: smooth(raw.high, own) } : {}),
  };
}

function alphaSeries(method: Method): Series {
  const file = method.files.find(({ results }) => Object.keys(results.history.alpha).length > 0) ?? method.files[0];
  const { history, alpha } = file.results;
  const [least, greatest] = alphaRangeOf(file.results) ?? [0, Number.POSITIVE_INFINITY];
  const tensors = Object.entries(history.alpha);
  const weight = (name: string) => alpha[name]?.shape.reduce((product, size) => product * size, 1) ?? 1;
  const total = tensors.reduce((sum, [name]) => sum + weight(name), 0);
  const points = history.iteration.map((_, i) => {
    const own = tensors.map(([name, course]) => ({
      ...{ weight: weight(name), mean: entryAt(course.mean, i), std: entryAt(course.std, i) },
    }));
    const mean = own.reduce((sum, one) => sum + one.weight * one.mean, 0) / total;
    const squares = own.reduce((sum, one) => sum + one.weight * (one.std ** 2 + (one.mean - mean) ** 2), 0);
    return { mean, deviation: Math.sqrt(squares / total) };
  });
  return {
    ...inColour(method),
    x: history.iteration,
    y: points.map(({ mean }) => mean),
    low: points.map(({ mean, deviation }) => Math.max(Math.min(least, mean), mean - deviation)),
    high: points.map(({ mean, deviation }) => Math.min(Math.max(greatest, mean), mean + deviation)),
  };
}
