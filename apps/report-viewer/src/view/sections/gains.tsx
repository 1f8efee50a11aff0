import { gainsAt, isOfLists, titleOfMetric } from "@kshot/comparison";
import { type DifferenceRow, differencesFigure } from "../../figures/differences.js";
import { methodDefinition } from "../../model/definitions.js";
import { metric, place, present, subject } from "../../state.js";
import { FigureFrame } from "../figure-frame.js";

/**
 * The gain of every method from the support pairs; for the page's method also by revisits and new items. It is the page's first
 * figure.
 */
export function gains() {
  const name = metric.value;
  const found = isOfLists(name) ? [] : gainsAt(present.value, place.value, name);
  const own = found.find(({ method }) => method.id === subject.value?.id);
  const others = found.filter((one) => one !== own);
  const row = (title: string, of: (typeof found)[number], at: number): DifferenceRow[] => {
    const group = of.groups[at];
    if (group === undefined) return [];
    const definition = methodDefinition(of.method.algorithm);
    return [
      {
        ...{ title, difference: group.gain, bySeed: group.bySeed, note: `${group.queries} queries` },
        ...(definition === undefined ? {} : { definition }),
      },
    ];
  };
  const byGain = [...others].sort((a, b) => (b.groups[0]?.gain.value ?? 0) - (a.groups[0]?.gain.value ?? 0));
  const rows = [
    ...(own?.groups.flatMap((group, at) => row(group.name, own, at)) ?? []).map((one) => ({
      ...one,
      group: own?.method.title ?? "",
    })),
    ...byGain.flatMap((one) =>
      row(one.method.title, one, 0).map((drawn) => ({
        ...drawn,
        group: own ? "Other methods, all queries" : "All queries",
      })),
    ),
  ];
  if (rows.length === 0) return null;
  const title = titleOfMetric(name);
  return (
    <FigureFrame
      id="gains"
      title="Gain from adapting to the support pairs"
      about={`${name} ${place.value.split} ${place.value.window}`}
      note="Each method with the support pairs minus the same method without them, paired by person. Right of the line: adapting helps. Bars: 95 % intervals; short lines below a mark: each seed."
      draw={(width) =>
        differencesFigure(rows, {
          ...{ metric: title, width, sides: ["adapting hurts", "adapting helps"] },
          ...{ baseline: "the same method without the pairs", label: `${title}, with minus without the pairs` },
        })
      }
    />
  );
}
