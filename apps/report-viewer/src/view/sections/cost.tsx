import { isOfLists, titleOfMetric, trainingSecondsOf } from "@kshot/comparison";
import { type CostRow, costFigure } from "../../figures/cost.js";
import { baseline, colours, compared, metric, place, present } from "../../state.js";
import { FigureFrame } from "../figure-frame.js";

/** Gain over the baseline against the time of a training. */
export function cost() {
  const reference = baseline.value;
  const shown = compared.value;
  if (reference === undefined || shown === null || isOfLists(metric.value)) return null;
  const rows = present.value.flatMap((method): CostRow[] => {
    const seconds = trainingSecondsOf(method);
    const mean = (seconds ?? []).reduce((sum, one) => sum + one, 0) / Math.max(1, seconds?.length ?? 0);
    const difference = shown.methods.find(({ name }) => name === method.title)?.difference?.[metric.value];
    const gain = method.id === reference.id ? { value: 0, low: 0, high: 0 } : difference;
    if (!(mean > 0) || gain === undefined) return [];
    return [{ title: method.title, colour: colours.value.get(method.id) ?? 0, seconds: mean, gain }];
  });
  if (rows.length < 2) return null;
  const title = titleOfMetric(metric.value);
  return (
    <FigureFrame
      id="cost"
      title="Training time against gain"
      about={`${metric.value} ${place.value.split} ${place.value.window} to ${reference.id}`}
      note={`A higher point is better than ${reference.title}; a point further left was trained faster. The time is of one training on the machine of the run, mean over seeds. Methods without a training log are not shown. Bars: 95 % intervals.`}
      draw={(width) => costFigure(rows, { metric: title, baseline: reference.title, width })}
    />
  );
}
