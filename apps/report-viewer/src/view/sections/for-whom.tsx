import {
  type ComparedWindow,
  compareWindow,
  type Method,
  type Place,
  seenGroups,
  titleOfMetric,
  whole,
} from "@kshot/comparison";
import type { MeasuredName } from "@kshot/contract";
import { type DifferenceRow, differencesFigure } from "../../figures/differences.js";
import { metric, place } from "../../state.js";
import { FigureFrame } from "../figure-frame.js";

/**
 * The people and queries for which one method is better than another: by whether the person has seen the answer before, and by
 * the length of the history. Lengths are always of the last window: in the first, all people have exactly the K support pairs.
 */
export function ForWhom({ subject, reference }: { subject: Method; reference: Method }) {
  const at = place.value;
  const name = metric.value;
  const compare = (one: Place) =>
    compareWindow([reference, subject], reference, one, { metrics: [name], metric: name });
  const shown = compare(at);
  const last = at.window === "last" ? shown : compare({ ...at, window: "last" });
  const isSeen = (group: string) => seenGroups.some((own) => own.name === group);
  const byLength = groupRows(last, subject, (group) => !isSeen(group));
  const rows = [...groupRows(shown, subject, isSeen), ...byLength];
  const title = `For whom: ${subject.title} against ${reference.title}`;
  if (rows.length === 0) {
    return (
      <section id="for-whom-missing">
        <h3>{title}</h3>
        <p class="note">
          The two were evaluated on different people, so there are no paired differences. Open results of one data set
          and one split.
        </p>
      </section>
    );
  }
  return (
    <FigureFrame
      id="for-whom"
      title={title}
      about={`${name} ${at.split} ${subject.id} to ${reference.id}`}
      note={`Revisits are queries whose answer the person has met before${at.window === "first" ? " (first window)" : ""}. ${
        byLength.length > 0
          ? "“Pairs before” is the number of a person's pairs before the queries. These groups are always of the last window; in the first window all people have only the support pairs."
          : "Groups by the length of the history need a last window in which this length differs between people."
      }`}
      draw={(width) => differencesFigure(rows, { metric: titleOfMetric(name), baseline: reference.title, width })}
    />
  );
}

function groupRows(
  compared: ComparedWindow<MeasuredName> | null,
  subject: Method,
  wanted: (name: string) => boolean,
): (DifferenceRow & { readonly note: string })[] {
  const own = compared?.methods.find(({ name }) => name === subject.title);
  return (own?.groups ?? []).flatMap(({ name, difference }) => {
    if (difference === null || !wanted(name)) return [];
    const queries = compared?.groups.find((group) => group.name === name)?.queries ?? 0;
    return [{ title: name, difference, note: `${whole(queries)} queries` }];
  });
}
