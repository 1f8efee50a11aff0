/** One item of a list of five. */
export interface TopItem {
  readonly key: string | number;
  readonly name: string;
  /** What moved it: `▲2`, `new`; empty where it stayed. */
  readonly moved: string;
  /** What is said of it at the end of the row; empty for nothing. */
  readonly mark: string;
  /** What choosing it does; left out: it cannot be chosen. */
  readonly choose?: () => void;
}

/** The items that rank highest. Each row is put in its place by a shift, so that an item is seen to move. */
export function TopList({ items, label }: { items: readonly TopItem[]; label: string }) {
  // Rows stay in the order of their keys: what moves in the document would not be animated.
  const rows = items.map((item, rank) => ({ ...item, rank })).sort((a, b) => (String(a.key) < String(b.key) ? -1 : 1));
  return (
    <ol class="top" aria-label={label}>
      {rows.map(({ key, name, moved, mark, choose, rank }) => (
        <li
          key={key}
          aria-posinset={rank + 1}
          aria-setsize={items.length}
          class={mark === "" ? undefined : "taken"}
          style={{ transform: `translateY(${rank * 100}%)` }}
        >
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

/** Places gained, as `▲2` or `▼1`; `new` where it was not among those shown (null); empty where it stayed. */
export function movedText(places: number | null): string {
  if (places === null) return "new";
  return places === 0 ? "" : places > 0 ? `▲${places}` : `▼${-places}`;
}
