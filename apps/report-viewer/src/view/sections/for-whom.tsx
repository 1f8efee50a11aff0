import { type DifferenceRow, differencesFigure } from "../../figures/differences.js";
import { lengthGroups, pairedInterval, type QueryGroup, seenGroups } from "../../model/compare.js";
import { whole } from "../../model/format.js";
import { fewShotOf, type Method, type Place } from "../../model/methods.js";
import { metricTitles } from "../../model/metrics.js";
import { peopleFigures } from "../../model/people.js";
import { place, view } from "../../state.js";
import { FigureFrame } from "../figure-frame.js";

/**
 * Whom one method serves better than another: by whether an answer had been met before, and by how much of a history there was.
 * Lengths are of the last window whatever is shown: in the first, everybody has the K support pairs and no more.
 */
export function ForWhom({ subject, reference }: { subject: Method; reference: Method }) {
  const at = place.value;
  const last: Place = { split: at.split, window: "last" };
  const lengths = fewShotOf(subject.files[0]!, last)?.people.historyLength ?? [];
  const seen = groupRows(subject, reference, at, seenGroups);
  const byLength = lengths.length === 0 ? [] : groupRows(subject, reference, last, lengthGroups(lengths));
  const rows = [...seen, ...byLength];
  const title = `For whom: ${subject.title} against ${reference.title}`;
  if (rows.length === 0) {
    return (
      <section id="for-whom-missing">
        <h3>{title}</h3>
        <p class="note">
          The two were evaluated on different people, so no person's difference can be drawn. Open results of one data
          set and one split.
        </p>
      </section>
    );
  }
  const metric = metricTitles[view.metric.value];
  return (
    <FigureFrame
      id="for-whom"
      title={title}
      about={`${view.metric.value} ${at.split} ${subject.id} to ${reference.id}`}
      note={`Revisits are queries whose answer the person has met before${at.window === "first" ? " (first window)" : ""}. ${
        byLength.length > 0
          ? "Pairs before are how much of a history a person had; these groups are always of the last window, since in the first everybody has the support pairs alone."
          : "Groups by how much history there was need the last window, which these files do not have."
      }`}
      draw={(width) => differencesFigure(rows, { metric, baseline: reference.title, width })}
    />
  );
}

function groupRows(
  subject: Method,
  reference: Method,
  at: Place,
  groups: readonly QueryGroup[],
): (DifferenceRow & { readonly note: string })[] {
  return groups.flatMap(({ name, counts }) => {
    const [a, b] = [subject, reference].map((method) => peopleFigures(method, at, view.metric.value, "few", counts));
    const difference = a && b ? pairedInterval(a, b) : null;
    if (!a || difference === null) return [];
    const queries = a.queries.reduce((sum, count) => sum + count, 0);
    return queries === 0 ? [] : [{ title: name, difference, note: `${whole(queries)} queries` }];
  });
}
