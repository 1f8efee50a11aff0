import { figure, signed } from "@kshot/comparison";
import { entryAt } from "@kshot/contract";
import { scaleLinear } from "d3-scale";
import { axisLeft, signedTick } from "./axis.js";
import { cell, type Figure, figureOf } from "./figure.js";
import { figureSvg, svg } from "./svg.js";
import { fit } from "./text-width.js";

/** One person before and after adaptation. Items are names, in words; empty if unknown. */
export interface PersonChange {
  readonly user: string;
  readonly before: number;
  readonly after: number;
  readonly historyLength: number;
  /** The person's last items. */
  readonly took: string;
  /** The highest-ranked items, before and after. */
  readonly topBefore: string;
  readonly topAfter: string;
  /** The items that came next, with ranks. */
  readonly next: string;
}

/** Least width of a bar in pixels; with more people, adjacent people share a bar. */
const leastBar = 2.5;

/** Change of each person by adaptation, sorted; bars above 0 are gains. The tip names the person under the pointer. */
export function peopleFigure(
  people: readonly PersonChange[],
  { metric, width = 720 }: { metric: string; width?: number },
): Figure {
  const sorted = [...people].sort((a, b) => change(a) - change(b) || (a.user < b.user ? -1 : 1));
  const [left, right, top, bottom] = [54, 12, 40, 240];
  const room = width - left - right;
  const each = Math.max(1, Math.ceil((sorted.length * leastBar) / room));
  const bars = Array.from({ length: Math.ceil(sorted.length / each) }, (_, i) =>
    sorted.slice(i * each, (i + 1) * each),
  );
  const changes = bars.map((bar) => bar.reduce((sum, person) => sum + change(person), 0) / bar.length);
  const y = scaleLinear()
    .domain([Math.min(-0.05, ...changes), Math.max(0.05, ...changes)])
    .nice(5)
    .range([bottom, top]);
  // Steps are per person, because the last bar may have fewer.
  const step = room / Math.max(1, sorted.length);
  const better = people.filter((person) => change(person) > 0).length;
  const worse = people.filter((person) => change(person) < 0).length;
  // At most one strip per pixel.
  const strips = Math.min(sorted.length, Math.floor(room));
  const order = width < 520 ? "harmed to helped" : "most harmed to most helped";
  const caption = `${bars.length === people.length ? "people" : `people, ${each} to a bar`}, ${order}`;
  const body = svg`${axisLeft(y, { x: left, right: width - right, format: signedTick, ticks: 5 })}
    <text x="${left}" y="18" fill="var(--text)" font-weight="600">${fit(`${better} better, ${people.length - better - worse} the same, ${worse} worse`, room)}</text>
    ${bars.map((bar, i) => {
      const value = entryAt(changes, i);
      const [from, wide] = [left + i * each * step, bar.length * step];
      const inner = wide >= 4 ? 0.1 * wide : 0;
      return svg`<rect x="${from + inner}" y="${Math.min(y(0), y(value))}" width="${Math.max(0.6, wide - 2 * inner)}" height="${Math.max(0.6, Math.abs(y(value) - y(0)))}" fill="${value > 0 ? "var(--good)" : value < 0 ? "var(--bad)" : "var(--muted)"}"/>`;
    })}
    <line x1="${left}" x2="${width - right}" y1="${y(0)}" y2="${y(0)}" stroke="var(--text)"/>
    <text x="${left + room / 2}" y="${bottom + 24}" text-anchor="middle" fill="var(--muted)">${fit(caption, room)}</text>
    ${Array.from({ length: strips }, (_, i) => {
      const [first, end] = [i, i + 1].map((at) => Math.floor((at * sorted.length) / strips)) as [number, number];
      const wide = room / strips;
      const tip = `${tipOf(entryAt(sorted, first), metric)}${
        end - first > 1
          ? `\n(${sorted
              .slice(first + 1, end)
              .map(({ user }) => user)
              .join(", ")} at the same position; the table has all)`
          : ""
      }`;
      return svg`<rect class="strip" x="${left + i * wide}" y="${top}" width="${wide}" height="${bottom - top}" fill="transparent" data-tip="${tip}"/>`;
    })}`;
  return figureOf(figureSvg(width, bottom + 34, `Change in ${metric} per person`, body), () => ({
    head: [
      "person",
      "pairs before",
      `${metric} before`,
      `${metric} after`,
      "change",
      "took",
      "top before",
      "top after",
      "then took",
    ],
    rows: sorted.map((person) => [
      person.user,
      cell(person.historyLength, String),
      cell(person.before, (value) => figure(value, 4)),
      cell(person.after, (value) => figure(value, 4)),
      cell(change(person), (value) => signed(value, 4)),
      person.took || null,
      person.topBefore || null,
      person.topAfter || null,
      person.next || null,
    ]),
  }));
}

function change({ before, after }: PersonChange): number {
  return after - before;
}

function tipOf(person: PersonChange, metric: string): string {
  const line = (title: string, text: string) => (text ? [`${title}: ${text}`] : []);
  return [
    `${person.user}, ${person.historyLength} pairs before: ${metric} ${figure(person.before)} → ${figure(person.after)}`,
    ...line("Took", person.took),
    ...line("Top before", person.topBefore),
    ...line("Top after", person.topAfter),
    ...line("Then took", person.next),
  ].join("\n");
}
