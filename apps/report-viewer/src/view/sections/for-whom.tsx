import {
  type ComparedWindow,
  compareWindow,
  gainsAt,
  groupMatrix,
  groupsAt,
  isBound,
  isOfLists,
  type Method,
  type Place,
  titleOfMetric,
  whole,
} from "@kshot/comparison";
import type { MeasuredName } from "@kshot/contract";
import { type DifferenceRow, differencesFigure } from "../../figures/differences.js";
import { valueMatrixFigure } from "../../figures/value-matrix.js";
import {
  baseline,
  incomparable,
  metric,
  subject as pageSubject,
  place,
  places,
  present,
  sameWindows,
} from "../../state.js";
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
export function forWhom() {
  const [subject, reference] = [pageSubject.value, baseline.value];
  const at = windowOfGroups();
  const name = metric.value;
  if (subject === undefined || reference === undefined || subject === reference || isOfLists(name)) return null;
  const shown = compareWindow([reference, subject], reference, at, { metrics: [name], metric: name, tested: false });
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
export function gainByPopularity() {
  const subject = pageSubject.value;
  const at = windowOfGroups();
  const name = metric.value;
  if (subject === undefined || isOfLists(name)) return null;
  const groups = groupsAt(subject, at, { length: false }).slice(3);
  const found = groups.length === 0 ? [] : (gainsAt([subject], at, name, groups)[0]?.groups ?? []);
  if (found.length === 0) return null;
  const title = titleOfMetric(name);
  return (
    <FigureFrame
      id="gain-popularity"
      title={`Gain of ${subject.title} from adapting, by popularity of the answer`}
      about={`${name} ${at.split} ${at.window} ${subject.id}`}
      note={`Queries by how often train people took their answer, from rare to popular items (“taken 5 to 8 times”); ${windowWords(at)}. ${rule}`}
      draw={(width) =>
        differencesFigure(
          found.map(({ name: group, gain, bySeed, queries }) => ({
            ...{ title: group, difference: gain, bySeed, note: `${whole(queries)} queries` },
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
export function methodsByGroup() {
  const at = windowOfGroups();
  const name = metric.value;
  if (isOfLists(name) || incomparable.value !== null) return null;
  const matrix = groupMatrix(present.value, at, name);
  if (matrix === null || matrix.groups.length < 2 || matrix.rows.length < 2) return null;
  const title = titleOfMetric(name);
  const order = [...matrix.rows].sort(
    (a, b) =>
      Number(isBound(a.method.algorithm)) - Number(isBound(b.method.algorithm)) ||
      (b.values[0] ?? 0) - (a.values[0] ?? 0),
  );
  return (
    <FigureFrame
      id="methods-by-group"
      wide
      title={`${title} of every method by group of queries`}
      about={`${name} ${at.split} ${at.window}`}
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
