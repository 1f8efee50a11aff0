import { isUsual, swapsAt, titleOfMetric } from "@kshot/comparison";
import { differencesFigure } from "../../figures/differences.js";
import { swapRows } from "../../model/swap-rows.js";
import { metric, place, present } from "../../state.js";
import { FigureFrame } from "../figure-frame.js";

/** The title of the figure, which other sections refer to. */
export const swapTitle = "Own support pairs against other people's pairs";

/** The gain from a person's own pairs over other people's pairs. */
export function swapped() {
  // The swap has the five usual metrics only.
  const shown = isUsual(metric.value) ? metric.value : "mrr";
  const found = swapsAt(present.value, place.value, shown);
  if (found.length === 0) return null;
  const title = titleOfMetric(shown);
  const groups = new Map<string, string[]>();
  for (const { name, draws, people, of } of found) {
    const times = draws === 1 ? "once" : `${draws} times`;
    const how = people === of ? times : `${times}, for ${people} of ${of} people, evenly spaced`;
    groups.set(how, [...(groups.get(how) ?? []), name]);
  }
  const drawn =
    groups.size === 1
      ? `Other people's pairs were drawn ${[...groups.keys()][0]}.`
      : `Other people's pairs were drawn ${[...groups].map(([how, names]) => `${how} (${names.join(", ")})`).join("; ")}.`;
  return (
    <FigureFrame
      id="swap"
      title={swapTitle}
      about={`${shown} ${place.value.split} ${place.value.window}`}
      note={`The gain from the support pairs has two parts. The personal part is the loss when other people's pairs replace the person's own pairs. The general part is the gain from other people's pairs over no pairs. ${drawn} Bars: 95 % intervals over people and seeds.`}
      draw={(width) =>
        differencesFigure(swapRows(found), {
          ...{ metric: title, width, baseline: "the second pairs of the row", label: `difference in ${title}` },
        })
      }
    />
  );
}
