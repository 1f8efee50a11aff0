import { useLayoutEffect, useRef } from "preact/hooks";

/** One item of a list of five. */
export interface TopItem {
  readonly key: string | number;
  readonly name: string;
  /** Its change: `▲2`, `new`; empty if it did not move. */
  readonly moved: string;
  /** The note at the end of the row; can be empty. */
  readonly mark: string;
  /** The action when it is chosen; if omitted, it cannot be chosen. */
  readonly choose?: () => void;
}

/** The highest-ranked items. A row that moves is animated from its old position to the new one. */
export function TopList({ items, label }: { items: readonly TopItem[]; label: string }) {
  const list = useRef<HTMLOListElement>(null);
  const before = useRef<readonly TopItem["key"][]>([]);
  const keys = items.map(({ key }) => key);
  const order = keys.join("\n");
  useLayoutEffect(() => {
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
      for (const [place, row] of [...(list.current?.children ?? [])].entries()) {
        const was = before.current.indexOf(keys[place] ?? "");
        const shift = `translateY(${(was - place) * 100}%)`;
        if (was >= 0 && was !== place) row.animate({ transform: [shift, "none"] }, { duration: 450, easing: "ease" });
      }
    }
    before.current = keys;
  }, [order]);
  return (
    <ol class="top" aria-label={label} ref={list}>
      {items.map(({ key, name, moved, mark, choose }, rank) => (
        <li key={key} class={mark === "" ? undefined : "taken"}>
          <span class="place">{rank + 1}</span>
          <span class="name" data-tip={name}>
            {choose === undefined ? (
              <bdi>{name}</bdi>
            ) : (
              <button type="button" onClick={choose}>
                <bdi>{name}</bdi>
              </button>
            )}
          </span>
          <span class="moved">{moved}</span>
          <span class="mark">{mark}</span>
        </li>
      ))}
    </ol>
  );
}

/** Ranks gained, as `▲2` or `▼1`; `new` if it was not among the shown items (null); empty if it did not move. */
export function movedText(places: number | null): string {
  if (places === null) return "new";
  return places === 0 ? "" : places > 0 ? `▲${places}` : `▼${-places}`;
}
