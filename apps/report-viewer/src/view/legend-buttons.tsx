import type { Signal } from "@preact/signals";
import type { RefObject } from "preact";
import type { LegendPlace } from "../figures/figure.js";

/**
 * A button over each entry of a figure's legend: pointing at it or focusing it makes the other curves pale, pressing it hides its
 * curve or shows it again.
 */
export function LegendButtons({
  places,
  hidden,
  canvas,
}: {
  places: readonly LegendPlace[];
  hidden: Signal<ReadonlySet<string>>;
  canvas: RefObject<HTMLElement | null>;
}) {
  const highlight = (title: string | null) => {
    for (const one of canvas.current?.querySelectorAll<SVGElement>(".series") ?? [])
      one.classList.toggle("pale", title !== null && one.dataset.series !== title);
  };
  return (
    <div class="legend-buttons">
      {places.map(({ title, x, y, width, height }) => {
        const isHidden = hidden.value.has(title);
        return (
          <button
            type="button"
            aria-pressed={!isHidden}
            aria-label={`${title}: shown`}
            style={{ left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` }}
            onPointerEnter={() => highlight(title)}
            onPointerLeave={() => highlight(null)}
            onFocus={() => highlight(title)}
            onBlur={() => highlight(null)}
            onClick={() => {
              const next = new Set(hidden.value);
              if (!next.delete(title)) next.add(title);
              highlight(null);
              hidden.value = next;
            }}
          />
        );
      })}
    </div>
  );
}
