import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Figure } from "../figures/figure.js";
import { saveCsv, savePng, saveSvg } from "./save.js";

/** More rows than this are in the CSV alone. */
const mostRows = 500;

/** A figure with its title, its twin as a table, and its three ways out. `draw` gets the width that there is. */
export function FigureFrame({
  id,
  title,
  note,
  draw,
}: {
  id: string;
  title: string;
  note?: string;
  draw: (width: number) => Figure;
}) {
  const holder = useRef<HTMLDivElement>(null);
  const width = useSignal(0);
  const tableOpen = useSignal(false);
  useLayoutEffect(() => {
    const measure = () => {
      width.value = Math.round(Math.max(300, Math.min(1040, holder.current?.clientWidth ?? 720)));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(holder.current!);
    return () => observer.disconnect();
  }, []);
  const figure = width.value === 0 ? null : draw(width.value);
  return (
    <figure class="figure" id={`figure-${id}`}>
      <figcaption>
        <h3>{title}</h3>
        {note === undefined ? null : <p class="note">{note}</p>}
      </figcaption>
      <div class="canvas" ref={holder} dangerouslySetInnerHTML={{ __html: figure?.svg ?? "" }} />
      {figure === null ? null : (
        <div class="tools">
          <button type="button" onClick={() => saveSvg(id, figure)} aria-label={`${title}: save as SVG`}>
            SVG
          </button>
          <button type="button" onClick={() => void savePng(id, figure)} aria-label={`${title}: save as PNG`}>
            PNG
          </button>
          <button type="button" onClick={() => saveCsv(id, figure)} aria-label={`${title}: save as CSV`}>
            CSV
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
        </div>
      )}
      {figure !== null && tableOpen.value ? <DataTable caption={title} {...figure.table} /> : null}
    </figure>
  );
}

function DataTable({ caption, head, rows }: Figure["table"] & { caption: string }) {
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
            <tr>{row.map((cell, i) => (i === 0 ? <th scope="row">{cell}</th> : <td>{cell}</td>))}</tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
