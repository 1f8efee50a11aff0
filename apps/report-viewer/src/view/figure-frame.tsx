import { useSignal } from "@preact/signals";
import { useContext, useLayoutEffect, useRef } from "preact/hooks";
import type { Figure, Table } from "../figures/figure.js";
import { captionOf } from "../paper/caption.js";
import { paperSvg, pixelsPerInch } from "../paper/paper-svg.js";
import { latexTable, markdownTable } from "../paper/text-tables.js";
import { methods, place, view } from "../state.js";
import { Collecting, type FigureOfPage } from "./collecting.js";
import { inTurn } from "./drawing-order.js";
import { LegendButtons } from "./legend-buttons.js";
import { saveCsv, savePng, saveSvg, saveText } from "./save.js";
import { walkTips } from "./walk-tips.js";

/** Largest number of rows in the table; the CSV has all. */
const mostRows = 500;

/** Widths of a printed column and of a printed page. Figures are redrawn at their width, so that their text has the right size. */
const printWidths = { column: 342, page: 702 };

/** A figure with its title, how to read it, its table, and exports. */
export function FigureFrame(figure: FigureOfPage) {
  const collect = useContext(Collecting);
  if (collect === null) return <DrawnFigure {...figure} />;
  collect(figure);
  return null;
}

function DrawnFigure({ id, title, note, about, wide = false, draw }: FigureOfPage) {
  const holder = useRef<HTMLDivElement>(null);
  const width = useSignal(0);
  const tableOpen = useSignal(false);
  const hidden = useSignal<ReadonlySet<string>>(new Set());
  const drawn = (at: number) => draw(at, hidden.value);
  const latest = useRef(drawn);
  latest.current = drawn;
  useLayoutEffect(() => {
    const canvas = holder.current;
    if (canvas === null) return;
    let printing = false;
    const measure = () => {
      if (!printing) width.value = Math.round(Math.max(300, Math.min(1040, canvas.clientWidth || 720)));
    };
    const observer = new ResizeObserver(measure);
    const leave = inTurn(canvas, () => {
      measure();
      observer.observe(canvas);
    });
    // Written directly: the renderer would draw after the page was sent to the printer.
    const print = () => {
      printing = true;
      canvas.innerHTML = latest.current(wide ? printWidths.page : printWidths.column).svg;
    };
    const printed = () => {
      printing = false;
      // A figure that was not drawn before has no width yet.
      canvas.innerHTML = width.value === 0 ? "" : latest.current(width.value).svg;
    };
    // Figures that are not visible are laid out when the page is idle.
    const idle = window.requestIdleCallback ?? ((then: () => void) => setTimeout(then, 200));
    idle(() => canvas.classList.add("settled"));
    addEventListener("beforeprint", print);
    addEventListener("afterprint", printed);
    return () => {
      leave();
      observer.disconnect();
      removeEventListener("beforeprint", print);
      removeEventListener("afterprint", printed);
    };
  }, []);
  const figure = width.value === 0 ? null : drawn(width.value);
  const caption = () => captionOf(title, { methods: methods.value, place: place.value, version: null });
  /** The picture to save: as shown, or at a paper's width with its caption. */
  const exported = () => {
    const inches = Number(view.exportWidth.value);
    return inches === 0
      ? paperSvg(drawn(width.value).svg)
      : paperSvg(drawn(Math.round(inches * pixelsPerInch)).svg, { inches, caption: caption() });
  };
  const fileName = about === undefined ? id : `${id} ${about}`;
  return (
    <figure class="figure" id={`figure-${id}`} data-wide={wide || undefined}>
      <figcaption>
        <h3>{title}</h3>
        <p class="note">{note}</p>
      </figcaption>
      <div class="drawing">
        {figure?.legend === undefined ? null : <LegendButtons places={figure.legend} hidden={hidden} canvas={holder} />}
        {/* biome-ignore-start lint/a11y/noNoninteractiveTabindex: the arrow keys show by keyboard what hovering shows */}
        {/* biome-ignore-start lint/a11y/useSemanticElements: a fieldset is for a form's fields */}
        <div
          class="canvas"
          ref={holder}
          role="group"
          tabIndex={0}
          aria-label={`${title}: the arrow keys move between its numbers`}
          onKeyDown={walkTips}
          // The final height, so that nothing moves when the figure is laid out.
          style={figure === null ? undefined : { containIntrinsicBlockSize: `${heightOf(figure)}px` }}
          dangerouslySetInnerHTML={{ __html: figure?.svg ?? "" }}
        />
        {/* biome-ignore-end lint/a11y/useSemanticElements: a fieldset is for a form's fields */}
        {/* biome-ignore-end lint/a11y/noNoninteractiveTabindex: the arrow keys show by keyboard what hovering shows */}
      </div>
      {figure === null ? null : (
        <div class="tools">
          <button type="button" onClick={() => saveSvg(fileName, exported())} aria-label={`${title}: save as SVG`}>
            SVG
          </button>
          <button type="button" onClick={() => void savePng(fileName, exported())} aria-label={`${title}: save as PNG`}>
            PNG
          </button>
          <button type="button" onClick={() => saveCsv(fileName, figure)} aria-label={`${title}: save as CSV`}>
            CSV
          </button>
          <button
            type="button"
            onClick={() => saveText(`${fileName}.tex`, latexTable(figure.table, caption()))}
            aria-label={`${title}: save the table for LaTeX`}
          >
            LaTeX
          </button>
          <button
            type="button"
            onClick={() => saveText(`${fileName}.md`, markdownTable(figure.table, caption()))}
            aria-label={`${title}: save the table for Markdown`}
          >
            Markdown
          </button>
          <button
            type="button"
            aria-expanded={tableOpen.value}
            aria-label={`${title}: as a table`}
            onClick={() => {
              tableOpen.value = !tableOpen.value;
            }}
          >
            Table
          </button>
          <label class="size">
            <span class="unseen">{title}: width of saved pictures</span>
            <select
              value={view.exportWidth.value}
              onChange={(event) => {
                view.exportWidth.value = event.currentTarget.value as typeof view.exportWidth.value;
              }}
            >
              <option value="">as shown</option>
              <option value="3.3">3.3 inches</option>
              <option value="7">7 inches</option>
            </select>
          </label>
        </div>
      )}
      {figure !== null && tableOpen.value ? <DataTable caption={title} {...figure.table} /> : null}
    </figure>
  );
}

function heightOf({ svg }: Figure): number {
  return Number(/ height="(\d+)"/.exec(svg)?.[1] ?? 300);
}

/** Whether a cell is text, which is aligned left; numbers are aligned right. */
function isWords(cell: string | number): boolean {
  return typeof cell === "string" && cell.length > 12 && /[a-z]{2}/i.test(cell);
}

function DataTable({ caption, head, rows }: Table & { caption: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the page scrolls, and must by keyboard too
    <section class="scroll" tabIndex={0} aria-label={`${caption}, table`}>
      <table>
        <caption>
          {caption}
          {rows.length > mostRows ? `: the first ${mostRows} of ${rows.length} rows; the CSV has all` : ""}
        </caption>
        <thead>
          <tr>
            {head.map((cell) => (
              <th scope="col">{cell}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, mostRows).map((row) => (
            <tr>
              {row.map((cell, i) =>
                i === 0 ? (
                  <th scope="row">
                    <bdi>{cell}</bdi>
                  </th>
                ) : (
                  <td class={isWords(cell) ? "text" : undefined}>{isWords(cell) ? <bdi>{cell}</bdi> : cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
