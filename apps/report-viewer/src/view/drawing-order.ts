import { sections, view } from "../state.js";

/** Figures that wait for their turn, in the page's order. */
const waiting = new Set<() => void>();
let asked = false;

/**
 * Draws at once what a reader sees first, the answer, and everything where a link leads further down: its place depends on the heights
 * above it. All else when the page has nothing to do, figure by figure, so that a large file never holds the page up.
 *
 * @returns takes the figure out of the order
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

/** Draws all that still waits: the page is about to be measured or travelled. */
export function drawAll(): void {
  for (const draw of [...waiting]) {
    waiting.delete(draw);
    draw();
  }
}

/** Whoever moves about the page finds it whole. */
for (const event of ["scroll", "wheel", "touchstart", "pointerdown", "keydown", "focusin", "hashchange"]) {
  addEventListener(event, drawAll, { capture: true, passive: true });
}
