import { isUsual, swapsAt, titleOfMetric } from "@kshot/comparison";
import { useComputed } from "@preact/signals";
import { differencesFigure } from "../../figures/differences.js";
import { swapRows } from "../../model/swap-rows.js";
import { metric, place, present } from "../../state.js";
import { FigureFrame } from "../figure-frame.js";

/** What a person's own pairs add over the pairs of other people. */
export function Swapped() {
  // The swap measures the usual five alone.
  const shown = isUsual(metric.value) ? metric.value : "mrr";
  const found = useComputed(() => swapsAt(present.value, place.value, isUsual(metric.value) ? metric.value : "mrr"));
  if (found.value.length === 0) return null;
  const title = titleOfMetric(shown);
  const draws = [...new Set(found.value.map((one) => one.draws))].join(", ");
  return (
    <FigureFrame
      id="swap"
      title="Own pairs against another person's pairs"
      about={`${shown} ${place.value.split} ${place.value.window}`}
      note={`The gain from the support pairs in two parts: what is lost when the pairs are those of another person is personal; the rest any pairs give. Pairs of other people were drawn ${draws} times. Bars: 95 % intervals over people and seeds.`}
      draw={(width) =>
        differencesFigure(swapRows(found.value), {
          ...{ metric: title, width, baseline: "the pairs named in the row", label: `difference in ${title}` },
        })
      }
    />
  );
}
