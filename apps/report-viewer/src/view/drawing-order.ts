import { sections, view } from "../state.js";

/** Figures that are not drawn yet, in page order, and where they are. */
const waiting = new Map<() => void, HTMLElement>();
let asked = false;
/** Whether the reader has done something: the rest is then drawn as soon as possible. */
let hurried = false;

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
  waiting.set(draw, canvas);
  next();
  return () => void waiting.delete(draw);
}

function next(): void {
  if (asked || waiting.size === 0) return;
  asked = true;
  const one = () => {
    asked = false;
    const [draw] = waiting.keys();
    if (draw === undefined) return;
    waiting.delete(draw);
    draw();
    next();
  };
  const idle = hurried ? undefined : window.requestIdleCallback;
  if (idle === undefined) setTimeout(one);
  else idle(one, { timeout: 100 });
}

/** Draws all waiting figures: the page is about to be measured or scrolled. */
export function drawAll(): void {
  for (const draw of [...waiting.keys()]) {
    waiting.delete(draw);
    draw();
  }
}

/** Draws the figures in the visible area. The others follow one by one, so that no interaction waits for all of them. */
function drawVisible(): void {
  hurried = true;
  for (const [draw, canvas] of [...waiting]) {
    const { top, bottom } = canvas.getBoundingClientRect();
    if (bottom < 0 || top > innerHeight) continue;
    waiting.delete(draw);
    draw();
  }
}

/** Any interaction draws what is visible, and the rest soon. */
export function drawOnInteraction(): void {
  for (const event of ["scroll", "wheel", "touchstart", "pointerdown", "keydown", "focusin", "hashchange"])
    addEventListener(event, drawVisible, { capture: true, passive: true });
}
