import { whole } from "@kshot/comparison";
import { entryAt } from "@kshot/contract";
import { axisBelow, axisLeft } from "./axis.js";
import { type Figure, figureOf } from "./figure.js";
import { hoverColumns, nearest } from "./hover-columns.js";
import { curvePath, drawnPoints, lineAxes } from "./line-axes.js";
import { drawnSeries, type LinesOptions, type Series, tableOfLines, tipOfPoint } from "./line-series.js";
import { figureSvg, svg } from "./svg.js";
import { fit } from "./text-width.js";

/** Largest number of points drawn per curve in a small figure. */
const most = 200;

/** One small figure per curve, all on the same axes; the other curves are grey behind it. */
export function smallMultiples(given: readonly Series[], options: LinesOptions): Figure {
  const { x: xLabel, y: yLabel, width = 720, zero = false, dots = false, neighbours = false } = options;
  const series = drawnSeries(given);
  const columns = width < 520 ? 2 : width < 900 ? 3 : 4;
  const [left, right, between, high, heading] = [48, 10, 14, 92, 22];
  const wide = (width - left - right - (columns - 1) * between) / columns;
  const rows = Math.ceil(series.length / columns);
  const spread = (one: Series) => dots && one.low !== undefined && one.high !== undefined;
  const { root, integers, measured, scales } = lineAxes(series, { dots, zero, spread });
  const titleTop = 18;
  const panels = series.map((one, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    const x0 = left + column * (wide + between);
    const top = titleTop + row * (high + heading + 14) + heading;
    const bottom = top + high;
    const { x, y } = scales({ left: x0, right: x0 + wide, top, bottom, ticks: 3 });
    const path = (drawn: Series) => curvePath(drawn.x, drawn.y, { x, y, points: drawnPoints(drawn, most), neighbours });
    const kept = (one.kept ?? []).flatMap((at) => nearest(one.x, at) ?? []);
    const others = series.flatMap((other) => (other === one ? [] : [path(other)])).join("");
    const lowest = i + columns >= series.length;
    return svg`<g>${axisLeft(y, { x: x0, right: x0 + wide, ticks: 3, labels: column === 0 })}${
      lowest ? axisBelow(x, { y: bottom, top: bottom, ticks: dots ? measured : 3, integers, label: "" }) : null
    }<text x="${x0}" y="${top - 8}" fill="${one.stroke}" font-weight="600">${fit(one.title, wide)}</text>
    <path d="${others}" fill="none" stroke="var(--edge)" stroke-width="1"/><path d="${path(one)}" fill="none" stroke="${one.stroke}" stroke-width="2" stroke-linejoin="round"/>${
      dots
        ? one.x.map(
            (at, p) =>
              svg`${one.low && one.high ? svg`<line x1="${x(at)}" x2="${x(at)}" y1="${y(entryAt(one.low, p))}" y2="${y(entryAt(one.high, p))}" stroke="${one.stroke}" stroke-width="1.5" opacity="0.7"/>` : null}<circle cx="${x(at)}" cy="${y(entryAt(one.y, p))}" r="2.5" fill="${one.stroke}"/>`,
          )
        : null
    }${kept.map((at) => svg`<circle class="kept" cx="${x(entryAt(one.x, at))}" cy="${y(entryAt(one.y, at))}" r="4" fill="var(--page)" stroke="${one.stroke}" stroke-width="2"/>`)}${hoverColumns(
      [one.x],
      {
        ...{ x, top, bottom, left: x0, right: x0 + wide },
        tip: (at, [point]) =>
          `${xLabel.replace(/ \(.*/, "")} ${whole(at)}\n${point === undefined ? one.title : tipOfPoint(one, point, options)}`,
      },
    )}</g>`;
  });
  const height = titleTop + rows * (high + heading + 14) + 26;
  return figureOf(
    figureSvg(
      width,
      height,
      `${yLabel} by ${xLabel}, one small figure per curve`,
      svg`<text x="8" y="14" fill="var(--muted)">${yLabel}; grey: the others</text>${panels}<text x="${left + (width - left - right) / 2}" y="${height - 4}" text-anchor="middle" fill="var(--muted)">${root ? `${xLabel}, square-root axis` : xLabel}</text>`,
    ),
    () => tableOfLines(given, options),
  );
}
