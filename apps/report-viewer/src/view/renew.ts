import { effect, signal } from "@preact/signals";
import { isSilent, run } from "../open/run-state.js";
import { helpOpen, problems } from "../state.js";

/** The key of the scroll position before a reload, kept for this tab. */
const scrollKey = "kshot-scroll";

/** Least and greatest number of seconds between two loadings. */
const [least, most] = [2, 60];

/** Milliseconds after a key, a click or a movement of the wheel in which the page is not reloaded. */
const quiet = 3000;

/**
 * Loads the page of a running run again, about as often as it is written. What was chosen is in the page's address; the position is
 * kept here. A page in use, with an open dialogue or a message, waits.
 */
export function renewWhileRunning(): void {
  restoreScroll();
  let used = 0;
  for (const event of ["pointerdown", "keydown", "wheel", "touchmove", "input"])
    addEventListener(event, () => (used = performance.now()), { capture: true, passive: true });
  effect(() => {
    const state = run.value;
    if (state?.state !== "running") return;
    const seconds = isSilent(state, Date.now()) ? most : Math.max(least, Math.min(most, state.every));
    const timer = setInterval(() => {
      const busy = performance.now() - used < quiet || helpOpen.value || problems.value.length > 0;
      if (performance.now() < 1000 * seconds || busy) return;
      keepScroll();
      location.reload();
    }, 500);
    return () => clearInterval(timer);
  });
}

function keepScroll(): void {
  try {
    sessionStorage.setItem(scrollKey, String(scrollY));
  } catch {
    // A browser can refuse to store data for a page from disk.
  }
}

/** The position before a reload; 0 without one, and once it is restored. */
export const scrollToRestore = signal(keptScroll());

function keptScroll(): number {
  try {
    const at = Number(sessionStorage.getItem(scrollKey) ?? 0);
    sessionStorage.removeItem(scrollKey);
    return at;
  } catch {
    // A browser can refuse to store data for a page from disk.
    return 0;
  }
}

function restoreScroll(): void {
  const at = scrollToRestore.value;
  if (at > 0) {
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        scrollTo({ top: at, behavior: "instant" });
        scrollToRestore.value = 0;
      }),
    );
  }
}
