import { type ListedItems, type ListFigure, listedItemsAt } from "@kshot/comparison";
import { comparisonFigure } from "../../figures/comparison.js";
import type { ComparedRow } from "../../model/comparison-rows.js";
import { evaluated, place } from "../../state.js";
import { FigureFrame } from "../figure-frame.js";

/** Coverage and novelty of the lists of five, before and after adaptation. */
export function listed() {
  const found = listedItemsAt(evaluated.value, place.value);
  if (found.length === 0) return null;
  const about = `${place.value.split} ${place.value.window}`;
  const coverage = rowsOf(found, (one) => one.coverage);
  const novelty = rowsOf(found, (one) => one.novelty);
  return (
    <>
      <FigureFrame
        id="coverage"
        title="Coverage of the lists of five, before and after adapting"
        about={about}
        note="Share of all items that are among the five highest of at least one person, at each person's first query. Filled: with the support pairs; hollow: without; lines: 95 % jackknife intervals over people. A higher coverage is not always better."
        draw={(width) => comparisonFigure(coverage, { metric: "Coverage@5", width })}
      />
      {novelty.length === 0 ? null : (
        <FigureFrame
          id="novelty"
          title="Novelty of the lists of five, before and after adapting"
          about={about}
          note="Mean of −log2 of an item's share of the train pairs over the same lists: higher means rarer items. Filled: with the support pairs; hollow: without."
          draw={(width) =>
            comparisonFigure(novelty, { metric: "Novelty@5 (bits)", width, most: Number.POSITIVE_INFINITY })
          }
        />
      )}
    </>
  );
}

function rowsOf(all: readonly ListedItems[], of: (one: ListedItems) => ListFigure | null): ComparedRow[] {
  return all.flatMap((one): ComparedRow[] => {
    const own = of(one);
    if (own === null) return [];
    const { title, algorithm, files } = one.method;
    const k = files[0].results.k;
    return [{ title, algorithm, k, few: own.few, zero: own.zero, difference: null, bySeed: own.fewBySeed }];
  });
}
