import { clicksAt, clickWorth, figure, type Method, titleOfMetric } from "@kshot/comparison";
import type { MeasuredName } from "@kshot/contract";
import { computed } from "@preact/signals";
import { clicksFigure } from "../../figures/clicks.js";
import { chosenPerson, listAfter, type PersonOfClicks, peopleOfClicks } from "../../model/five-clicks.js";
import { place, present, rankMetric, subject, view } from "../../state.js";
import { FigureFrame } from "../figure-frame.js";
import { InSlices } from "../in-slices.js";
import { PersonSearch } from "../person-search.js";
import { movedText, TopList } from "../top-list.js";

/** The effect of five clicks: one person's list as their pairs arrive, and the gain from each pair over all people. */
export function Clicks() {
  return (
    <section class="section" aria-labelledby="clicks-title">
      <h2 id="clicks-title" tabIndex={-1}>
        {title.value}
      </h2>
      <InSlices of={clickByClick} />
      <InSlices of={worth} />
    </section>
  );
}

/** The number of clicks of the open results at the place. */
const title = computed(() => {
  const found = present.value.flatMap(({ files }) => clicksAt(files[0].results, place.value) ?? []);
  return found[0] === undefined ? "Click by click" : `${inWords(found[0].k.at(-1) ?? 0)} clicks`;
});

function clickByClick() {
  const method = subject.value;
  const metric = rankMetric.value;
  const found = method === undefined ? null : peopleOfClicks(method, place.value, metric);
  if (method === undefined || found === null) {
    return (
      <p class="note">
        {method === undefined ? "These results" : `The results of ${method.title}`} have no ranks by number of clicks in
        this window. kshot train writes these ranks for the first window, for methods that use the support pairs. kshot
        evaluate --first-k 0,1,2,3,4,5 --out FILE writes them for a saved model.
      </p>
    );
  }
  const person = chosenPerson(found, view.person.value);
  return (
    <>
      <div class="controls">
        <fieldset class="choice kinds">
          <legend>Person</legend>
          {(["typical", "gained", "lost"] as const).map((kind) => (
            <label>
              <input
                type="radio"
                name="person"
                checked={view.person.value === kind}
                onChange={() => {
                  view.person.value = kind;
                }}
              />
              {kinds[kind]}
            </label>
          ))}
        </fieldset>
        <PersonSearch people={found.people} />
      </div>
      {person === undefined ? null : <OnePerson person={person} k={found.k} method={method} metric={metric} />}
    </>
  );
}

const kinds = { typical: "typical", gained: "gained most", lost: "lost most" } as const;

/** The slider, the clicks so far, and the list of five. */
function OnePerson({
  person,
  k,
  method,
  metric: name,
}: {
  person: PersonOfClicks;
  k: readonly number[];
  method: Method;
  metric: MeasuredName;
}) {
  const most = k.length - 1;
  const at = Math.max(0, Math.min(most, view.click.value));
  const { data } = method.files[0].results;
  const itemName = (item: number) => data.titles?.[item] ?? data.items[item] ?? `item ${item}`;
  const list = listAfter(person, at);
  const given = person.labels.slice(0, k[at]);
  const taken = list.filter((one) => one.taken !== null).length;
  const metric = titleOfMetric(name);
  const value = figure(person.values[at] ?? 0);
  return (
    <div class="clicks">
      <div>
        <p class="who">
          <bdi>{person.user}</bdi>
        </p>
        <label class="slider">
          <span>
            {k[at]} of {k[most]} clicks
          </span>
          <input
            type="range"
            min={0}
            max={most}
            step={1}
            value={at}
            aria-valuetext={`${k[at]} of ${k[most]} clicks`}
            onInput={(event) => {
              view.click.value = Number(event.currentTarget.value);
            }}
          />
        </label>
        <ol class="given" aria-label="Clicks">
          {person.before.slice(-2).map((item) => (
            <li class="before">
              <bdi>{itemName(item)}</bdi>
            </li>
          ))}
          {person.labels.map((item, i) => (
            <li class={i < given.length ? "in" : "out"} aria-current={i === given.length - 1 ? "step" : undefined}>
              <bdi>{itemName(item)}</bdi>
              {i < given.length ? null : <span class="unseen"> (not yet given)</span>}
            </li>
          ))}
        </ol>
      </div>
      <div>
        <p class="who">Ranked highest for the next click</p>
        <TopList
          label="The five highest-ranked items"
          items={list.map(({ item, taken: when, moved }) => ({
            key: item,
            name: itemName(item),
            moved: at === 0 ? "" : movedText(moved),
            mark: when === null ? "" : `✓ taken ${when}`,
          }))}
        />
        <p class="note" role="status">
          After {k[at]} of {k[most]}: the item taken next (<bdi>{itemName(person.next[0] ?? -1)}</bdi>) is at rank{" "}
          {shownRank(person.ranks[at])}
          {at === 0 ? "" : `, without clicks at ${shownRank(person.ranks[0])}`}; {taken} of the five were taken in the
          next {person.next.length} clicks. {metric} over these: {value}
          {at === 0 ? "" : ` (without clicks ${figure(person.values[0] ?? 0)})`}.
        </p>
      </div>
    </div>
  );
}

/** The gain from each pair over all people. */
function worth() {
  const method = subject.value;
  const metric = rankMetric.value;
  const at = place.value;
  const found = method === undefined ? null : clickWorth(method, at, metric);
  if (method === undefined || found === null) return null;
  return (
    <>
      <p class="lead worth">{found.sentence}</p>
      <FigureFrame
        id="clicks"
        title={`Gain of ${method.title} from the first clicks, all people`}
        about={`${metric} ${at.split} ${at.window} ${method.id}`}
        note="Only the number of the person's first pairs changes. The queries stay the same, and the method always reads each query's own session. Bars: 95 % intervals of the gain over people."
        draw={(width, hidden) => clicksFigure(found, { metric: titleOfMetric(metric), width, hidden })}
      />
    </>
  );
}

function shownRank(rank: number | undefined): string {
  return rank === undefined ? "?" : String(Math.round(10 * rank) / 10);
}

/** `Five`, for a heading. */
function inWords(count: number): string {
  return ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"][count] ?? `${count}`;
}
