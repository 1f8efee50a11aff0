import {
  type ComparedWindow,
  compareWindow,
  gainsAt,
  groupMatrix,
  groupsAt,
  isBound,
  type Method,
  type Place,
  titleOfMetric,
  whole,
} from "@kshot/comparison";
import type { MeasuredName } from "@kshot/contract";
import { useComputed } from "@preact/signals";
import { type DifferenceRow, differencesFigure } from "../../figures/differences.js";
import { valueMatrixFigure } from "../../figures/value-matrix.js";
import { metric, place, places, present, sameWindows } from "../../state.js";
import { FigureFrame } from "../figure-frame.js";

/**
 * The window of all figures by group. It is the last window, because lengths of histories differ between people there; without a
 * last window it is the shown one.
 */
function windowOfGroups(): Place {
  const at = place.value;
  const last = places.value.find(({ split, window }) => split === at.split && window === "last");
  return last ?? at;
}

const rule = "Lengths of histories and frequencies of items are cut at their quartiles.";

/** The window of the groups in words. */
function windowWords({ window }: Place): string {
  return sameWindows.value ? "both windows are the same" : `all groups are of the ${window} window`;
}

/** Differences by group of people or queries, all in one window. */
export function ForWhom({ subject, reference }: { subject: Method; reference: Method }) {
  const at = windowOfGroups();
  const name = metric.value;
  const shown = compareWindow([reference, subject], reference, at, { metrics: [name], metric: name });
  const rows = groupRows(shown, subject);
  const title = `By group: ${subject.title} against ${reference.title}`;
  if (rows.length === 0) {
    return (
      <section id="for-whom-missing">
        <h3>{title}</h3>
        <p class="note">
          The two methods were evaluated on different people, so there are no paired differences. Open results of one
          data set and one split.
        </p>
      </section>
    );
  }
  return (
    <FigureFrame
      id="for-whom"
      title={title}
      about={`${name} ${at.split} ${at.window} ${subject.id} to ${reference.id}`}
      note={`Right of the line: ${subject.title} is better for these queries. Revisits are queries whose answer the person has taken before. “Pairs before” is the number of a person's pairs before the queries; ${windowWords(at)}. ${rule}`}
      draw={(width) => differencesFigure(rows, { metric: titleOfMetric(name), baseline: reference.title, width })}
    />
  );
}

function groupRows(compared: ComparedWindow<MeasuredName> | null, subject: Method): DifferenceRow[] {
  const own = compared?.methods.find(({ name }) => name === subject.title);
  return (own?.groups ?? []).flatMap(({ name, difference }) => {
    if (difference === null) return [];
    const queries = compared?.groups.find((group) => group.name === name)?.queries ?? 0;
    return [{ title: name, difference, bySeed: difference.bySeed, note: `${whole(queries)} queries` }];
  });
}

/** One method's gain from the support pairs, by how often train people took the answer. */
export function GainByPopularity({ subject }: { subject: Method }) {
  const at = windowOfGroups();
  const found = useComputed(() => {
    const groups = groupsAt(subject, windowOfGroups(), { length: false }).slice(3);
    return groups.length === 0 ? [] : (gainsAt([subject], windowOfGroups(), metric.value, groups)[0]?.groups ?? []);
  });
  if (found.value.length === 0) return null;
  const title = titleOfMetric(metric.value);
  return (
    <FigureFrame
      id="gain-popularity"
      title={`Gain of ${subject.title} from adapting, by popularity of the answer`}
      about={`${metric.value} ${at.split} ${at.window} ${subject.id}`}
      note={`Queries by how often train people took their answer, from rare to popular items (“taken 5 to 8 times”); ${windowWords(at)}. ${rule}`}
      draw={(width) =>
        differencesFigure(
          found.value.map(({ name, gain, bySeed, queries }) => ({
            ...{ title: name, difference: gain, bySeed, note: `${whole(queries)} queries` },
          })),
          {
            ...{ metric: title, width, sides: ["adapting hurts", "adapting helps"] },
            ...{ baseline: "the same method without the pairs", label: `${title}, with minus without the pairs` },
          },
        )
      }
    />
  );
}

/** Every method's figure for every group of queries. */
export function MethodsByGroup() {
  const at = windowOfGroups();
  const found = useComputed(() => groupMatrix(present.value, windowOfGroups(), metric.value));
  const matrix = found.value;
  if (matrix === null || matrix.groups.length < 2 || matrix.rows.length < 2) return null;
  const title = titleOfMetric(metric.value);
  const order = [...matrix.rows].sort(
    (a, b) =>
      Number(isBound(a.method.algorithm)) - Number(isBound(b.method.algorithm)) ||
      (b.values[0] ?? 0) - (a.values[0] ?? 0),
  );
  return (
    <FigureFrame
      id="methods-by-group"
      title={`${title} of every method by group of queries`}
      about={`${metric.value} ${at.split} ${at.window}`}
      note={`Read down a column: a darker cell is a higher figure, the highest is bold. With the support pairs, mean over seeds, without intervals; ${windowWords(at)}. ${rule}`}
      draw={(width) =>
        valueMatrixFigure(
          {
            columns: matrix.groups,
            rows: order.map(({ method, values }) => ({
              title: method.title,
              values,
              muted: isBound(method.algorithm),
            })),
          },
          { metric: title, width },
        )
      }
    />
  );
}
