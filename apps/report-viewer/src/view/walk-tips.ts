import { showTip } from "./tooltip.js";

/** Directions by key: right and down are 1. */
const directions: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/**
 * The arrow keys move from a number of a figure to the nearest one in their direction; Home and End go to the first and the last.
 * In a figure with a single row or column, the keys of the other direction do nothing.
 */
export function walkTips(event: KeyboardEvent): void {
  const canvas = event.currentTarget as HTMLElement;
  const tips = [...canvas.querySelectorAll("[data-tip]")];
  const current = tips.find((one) => one.classList.contains("at"));
  const direction = directions[event.key];
  const next =
    event.key === "Home" || (direction !== undefined && current === undefined)
      ? tips[0]
      : event.key === "End"
        ? tips.at(-1)
        : direction !== undefined && current !== undefined
          ? nearestIn(direction, current, tips)
          : undefined;
  if (direction === undefined && next === undefined) return;
  event.preventDefault();
  const target = next ?? current;
  if (target === undefined) return;
  current?.classList.remove("at");
  target.classList.add("at");
  target.scrollIntoView({ block: "nearest", behavior: "instant" });
  // After the scroll event, which hides tips.
  requestAnimationFrame(() => requestAnimationFrame(() => showTip(target)));
}

/** The nearest tip in a direction; distance across the direction counts four times. */
function nearestIn([dx, dy]: readonly [number, number], from: Element, tips: readonly Element[]): Element | undefined {
  const centre = (one: Element) => {
    const { left, top, width, height } = one.getBoundingClientRect();
    return [left + width / 2, top + height / 2] as const;
  };
  const [x, y] = centre(from);
  let best: Element | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const tip of tips) {
    if (tip === from) continue;
    const [tipX, tipY] = centre(tip);
    const along = (tipX - x) * dx + (tipY - y) * dy;
    const across = Math.abs((tipX - x) * dy) + Math.abs((tipY - y) * dx);
    if (along <= 1 || across > 6 * along + 4) continue;
    const distance = along + 4 * across;
    if (distance < least) [best, least] = [tip, distance];
  }
  return best;
}
