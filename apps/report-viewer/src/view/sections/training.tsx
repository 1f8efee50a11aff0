import { linesFigure, type Series } from "../../figures/lines.js";
import { figure, short } from "../../model/format.js";
import type { Method } from "../../model/methods.js";
import { metricTitles } from "../../model/metrics.js";
import { learners, methods, view } from "../../state.js";
import { FigureFrame } from "../figure-frame.js";

/** Did training settle? */
export function Training() {
  const own = learners.value;
  const metric = view.metric.value;
  const validated = methods.value.filter(({ files }) =>
    files.every(({ results }) => results.history.validation.length > 1),
  );
  const smoothing = view.smoothing.value;
  const withRates = own.filter(({ files }) => Object.keys(files[0]!.results.history.alpha).length > 0);
  const timed = own.filter(({ files }) => files[0]!.results.volatile.secondsPerIteration.length > 1);
  return (
    <section class="section" aria-labelledby="training-title">
      <h2 id="training-title" tabIndex={-1}>
        Training
      </h2>
      {own.length === 0 ? (
        <p>No open file has a training history.</p>
      ) : (
        <>
          <div class="controls">
            <label class="choice">
              <span>Smoothing, {smoothing === 1 ? "none" : `mean of ${smoothing}`}</span>
              <input
                type="range"
                min="1"
                max="51"
                step="2"
                value={smoothing}
                onInput={(event) => {
                  view.smoothing.value = Number(event.currentTarget.value);
                }}
              />
            </label>
          </div>
          {validated.length > 0 ? (
            <FigureFrame
              id="validation"
              title={`Validation ${metricTitles[metric]}`}
              note="On the validation people, first window; the ring marks the best, which is kept. Several seeds make a band from the lowest to the highest."
              draw={(width) =>
                linesFigure(
                  validated.map((method) => ({
                    ...overSeeds(method, (file) =>
                      file.history.validation.map(({ iteration, metrics }) => [iteration, metrics[metric]]),
                    ),
                    best: bestOf(method),
                  })),
                  {
                    x: "iteration (plain GRU: minibatch)",
                    y: metricTitles[metric],
                    width,
                    format: (v) => figure(v, 3),
                  },
                )
              }
            />
          ) : null}
          <FigureFrame
            id="meta-loss"
            title="Training loss"
            note="Meta-learners: the loss of the query pairs after the inner steps, mean over a meta-batch, in nats. Plain GRU: the minibatch's loss."
            draw={(width) =>
              linesFigure(
                own.map((method) =>
                  overSeeds(method, ({ history }) =>
                    smooth(history.metaLoss, smoothing).map((value, i) => [history.iteration[i]!, value]),
                  ),
                ),
                { x: "iteration", y: "loss", width, format: short },
              )
            }
          />
          {withRates.length > 0 ? (
            <FigureFrame
              id="alpha"
              title="Inner rates: mean and spread"
              note="Mean over all tensors, each weighing its own; the band is one standard deviation to both sides, of the first seed."
              draw={(width) =>
                linesFigure(withRates.map(alphaSeries), { x: "iteration", y: "mean α", width, format: short })
              }
            />
          ) : null}
          {timed.length > 0 ? (
            <FigureFrame
              id="time"
              title="Time per iteration"
              draw={(width) =>
                linesFigure(
                  timed.map((method) =>
                    overSeeds(method, ({ history, volatile }) =>
                      smooth(volatile.secondsPerIteration, smoothing).map((value, i) => [
                        history.iteration[i] ?? i,
                        1000 * value,
                      ]),
                    ),
                  ),
                  { x: "iteration", y: "milliseconds", width, format: short, zero: true },
                )
              }
            />
          ) : null}
        </>
      )}
    </section>
  );
}

type Points = readonly (readonly [x: number, y: number])[];

/** One curve per method: the mean over seeds where all have a point, with a band from lowest to highest. */
function overSeeds(method: Method, of: (results: Method["files"][number]["results"]) => Points): Series {
  const lists = method.files.map(({ results }) => of(results));
  const shared = (lists[0] ?? [])
    .map(([x]) => x)
    .filter((x) => lists.every((list) => list.some(([other]) => other === x)));
  if (lists.length === 1 || shared.length < 2) {
    return { title: method.title, x: lists[0]!.map(([x]) => x), y: lists[0]!.map(([, y]) => y) };
  }
  const values = shared.map((x) => lists.map((list) => list.find(([other]) => other === x)![1]));
  return {
    title: method.title,
    x: shared,
    y: values.map((own) => own.reduce((sum, value) => sum + value, 0) / own.length),
    low: values.map((own) => Math.min(...own)),
    high: values.map((own) => Math.max(...own)),
  };
}

/** Index of the validation that was kept: the highest MRR after the start. */
function bestOf({ files }: Method): number {
  const { validation } = files[0]!.results.history;
  let best = validation.length > 1 && validation[0]!.iteration === 0 ? 1 : 0;
  validation.forEach(({ iteration, metrics }, i) => {
    if (iteration > 0 && metrics.mrr > validation[best]!.metrics.mrr) best = i;
  });
  return best;
}

/** Centred running mean. */
function smooth(values: readonly number[], width: number): number[] {
  const half = (width - 1) / 2;
  return values.map((_, i) => {
    const own = values.slice(Math.max(0, i - half), i + half + 1);
    return own.reduce((sum, value) => sum + value, 0) / own.length;
  });
}

function alphaSeries(method: Method): Series {
  const { history, alpha } = method.files[0]!.results;
  const tensors = Object.entries(history.alpha);
  const weight = (name: string) => alpha[name]?.shape.reduce((product, size) => product * size, 1) ?? 1;
  const total = tensors.reduce((sum, [name]) => sum + weight(name), 0);
  const mean = history.iteration.map(
    (_, i) => tensors.reduce((sum, [name, own]) => sum + weight(name) * own.mean[i]!, 0) / total,
  );
  const deviation = history.iteration.map((_, i) =>
    Math.sqrt(
      tensors.reduce(
        (sum, [name, own]) => sum + weight(name) * (own.std[i]! ** 2 + (own.mean[i]! - mean[i]!) ** 2),
        0,
      ) / total,
    ),
  );
  return {
    title: method.title,
    x: history.iteration,
    y: mean,
    low: mean.map((value, i) => value - deviation[i]!),
    high: mean.map((value, i) => value + deviation[i]!),
  };
}
