import { sections, view } from "../state.js";

/** Figures that are not drawn yet, in page order. */
const waiting = new Set<() => void>();
let asked = false;

/**
 * Draws figures of the first section at once, and all figures at once if a link leads to a later section, whose position depends
 * on the heights above it. The others are drawn one by one when the page is idle, so that a large file does not block it.
 *
 * @returns removes the figure from the queue
 */
export function inTurn(canvas: HTMLElement, draw: () => void): () => void {
  const first = canvas.closest("section")?.querySelector(`#${sections[0]}-title`) ?? null;
  if (first !== null || view.section.value !== sections[0]) {
    draw();
    return () => {};
  }
  waiting.add(draw);
  next();
  return () => void waiting.delete(draw);
}

function next(): void {
  if (asked || waiting.size === 0) return;
  asked = true;
  const idle = window.requestIdleCallback ?? ((then: () => void) => setTimeout(then));
  idle(
    () => {
      asked = false;
      const [draw] = waiting;
      if (draw === undefined) return;
      waiting.delete(draw);
      draw();
      next();
    },
    { timeout: 100 },
  );
}

/** Draws all waiting figures: the page is about to be measured or scrolled. */
export function drawAll(): void {
  for (const draw of [...waiting]) {
    waiting.delete(draw);
    draw();
  }
}

/** Any interaction draws the rest. */
export function drawOnInteraction(): void {
  for (const event of ["scroll", "wheel", "touchstart", "pointerdown", "keydown", "focusin", "hashchange"])
    addEventListener(event, drawAll, { capture: true, passive: true });
}
