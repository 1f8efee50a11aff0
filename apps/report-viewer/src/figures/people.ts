import { scaleLinear } from "d3-scale";
import { figure, signed } from "../model/format.js";
import { axisLeft } from "./axis.js";
import type { Figure } from "./figure.js";
import { figureSvg, svg } from "./svg.js";

/** One person before and after adaptation. */
export interface PersonChange {
  readonly user: string;
  readonly before: number;
  readonly after: number;
  readonly historyLength: number;
  /** What they had met, what ranked highest before and after, and their queries, in words: one line each. */
  readonly detail: string;
}

/** So many people get a bar of their own; of more, neighbours in the order share one. */
const mostBars = 240;

/** What adaptation did for each person, sorted: bars up for those it helped. */
export function peopleFigure(
  people: readonly PersonChange[],
  { metric, width = 720 }: { metric: string; width?: number },
): Figure {
  const sorted = [...people].sort((a, b) => a.after - a.before - (b.after - b.before) || (a.user < b.user ? -1 : 1));
  const each = Math.max(1, Math.ceil(sorted.length / mostBars));
  const bars = Array.from({ length: Math.ceil(sorted.length / each) }, (_, i) =>
    sorted.slice(i * each, (i + 1) * each),
  );
  const [left, top, bottom] = [54, 40, 240];
  const change = ({ before, after }: PersonChange) => after - before;
  const changes = bars.map((bar) => bar.reduce((sum, person) => sum + change(person), 0) / bar.length);
  const widest = Math.max(0.05, ...changes.map(Math.abs));
  const y = scaleLinear().domain([-widest, widest]).nice().range([bottom, top]);
  const step = (width - left - 12) / bars.length;
  const better = people.filter((person) => change(person) > 0).length;
  const worse = people.filter((person) => change(person) < 0).length;
  const body = svg`${axisLeft(y, { x: left, right: width - 12, format: (v) => signed(v, 1), ticks: 5 })}
    <text x="${left}" y="18" fill="var(--text)" font-weight="600">${better} better, ${people.length - better - worse} the same, ${worse} worse</text>
    ${bars.map((bar, i) => {
      const value = changes[i]!;
      const tip =
        bar.length === 1
          ? `${bar[0]!.user}, ${bar[0]!.historyLength} pairs before: ${metric} ${figure(bar[0]!.before)} → ${figure(bar[0]!.after)}\n${bar[0]!.detail}`
          : `${bar.length} people: mean change ${signed(value)}`;
      const from = Math.min(y(0), y(value));
      return svg`<g data-tip="${tip}"><rect x="${left + i * step}" y="${top}" width="${step}" height="${bottom - top}" fill="transparent"/><rect x="${left + i * step + step * 0.1}" y="${from}" width="${Math.max(0.6, step * 0.8)}" height="${Math.max(0.6, Math.abs(y(value) - y(0)))}" fill="${value > 0 ? "var(--good)" : value < 0 ? "var(--bad)" : "var(--muted)"}"/></g>`;
    })}
    <line x1="${left}" x2="${width - 12}" y1="${y(0)}" y2="${y(0)}" stroke="var(--text)"/>
    <text x="${(left + width) / 2}" y="${bottom + 22}" text-anchor="middle" fill="var(--muted)">${bars.length === people.length ? "people" : `people, ${each} to a bar`}, most harmed to most helped</text>`;
  return {
    svg: figureSvg(width, bottom + 34, `Change in ${metric} per person`, body),
    get table() {
      return {
        head: ["person", "pairs before", "before", "after", "change"],
        rows: sorted.map((person) => [
          person.user,
          person.historyLength,
          figure(person.before, 4),
          figure(person.after, 4),
          signed(change(person), 4),
        ]),
      };
    },
  };
}
