import { type Section, sections, view } from "../state.js";
import { drawAll } from "./drawing-order.js";

/** While the page itself scrolls, what it passes is not where the reader is. */
let travelling: ReturnType<typeof setTimeout> | null = null;

/** Shows a section, and lets a screen reader go on from there. */
export function goTo(section: Section): void {
  view.section.value = section;
  travelTo(section, motion());
  headingOf(section)?.focus({ preventScroll: true });
}

export function toTop(): void {
  scrollTo({ top: 0, behavior: motion() });
}

/** Puts a section's heading at the top at once, when every figure has its height: two frames after they were mounted. */
export function arriveAt(section: Section): void {
  requestAnimationFrame(() => requestAnimationFrame(() => travelTo(section, "instant")));
}

/** Keeps the page's address at the section that is read. */
export function followScrolling(): void {
  addEventListener("scroll", () => travelling ?? requestAnimationFrame(readSection), { passive: true });
  addEventListener("scrollend", arrived);
  // Whoever takes hold of the page has left what it was on its way to.
  for (const event of ["wheel", "touchmove", "pointerdown"]) addEventListener(event, arrived, { passive: true });
}

const motion = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");

const headingOf = (section: Section) => document.getElementById(`${section}-title`);

function travelTo(section: Section, behavior: "instant" | "smooth"): void {
  drawAll();
  if (travelling) clearTimeout(travelling);
  // No `scrollend` comes where there is nothing to scroll.
  travelling = setTimeout(arrived, behavior === "smooth" ? 1500 : 400);
  headingOf(section)?.scrollIntoView({ block: "start", behavior });
}

function arrived(): void {
  if (travelling) clearTimeout(travelling);
  travelling = null;
}

/** The section that crosses the upper part of the window; at the page's end, the last one. */
function readSection(): void {
  if (travelling) return;
  const { scrollHeight, clientHeight } = document.documentElement;
  const line = clientHeight * 0.35;
  const begun = sections.filter((section) => {
    const top = headingOf(section)?.getBoundingClientRect().top;
    return top !== undefined && top <= line;
  });
  const atEnd = scrollHeight > clientHeight && scrollY + clientHeight >= scrollHeight - 2;
  const section = atEnd ? sections.at(-1) : begun.at(-1);
  if (headingOf(sections[0])) view.section.value = section ?? sections[0];
}
