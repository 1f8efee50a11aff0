import { type Section, sections, view } from "../state.js";
import { drawAll } from "./drawing-order.js";
import { hurry } from "./turns.js";

/** Set while the page scrolls to a section automatically: sections that it passes are not the current one. */
let travelling: ReturnType<typeof setTimeout> | null = null;

/** Scrolls to a section and focuses its heading. */
export function goTo(section: Section): void {
  view.section.value = section;
  const travel = () => travelTo(section, motion());
  if (hurry()) requestAnimationFrame(travel);
  else travel();
  headingOf(section)?.focus({ preventScroll: true });
}

export function toTop(): void {
  scrollTo({ top: 0, behavior: motion() });
}

/** Puts a section's heading at the top without animation, two frames after mounting: then every figure has its height. */
export function arriveAt(section: Section): void {
  hurry();
  requestAnimationFrame(() => requestAnimationFrame(() => travelTo(section, "instant")));
}

/** Writes the current section to the page's address while the reader scrolls. */
export function followScrolling(): void {
  addEventListener("scroll", () => travelling ?? requestAnimationFrame(readSection), { passive: true });
  addEventListener("scrollend", arrived);
  // Scrolling by hand ends the automatic scrolling.
  for (const event of ["wheel", "touchmove", "pointerdown"]) addEventListener(event, arrived, { passive: true });
}

const motion = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");

const headingOf = (section: Section) => document.getElementById(`${section}-title`);

function travelTo(section: Section, behavior: "instant" | "smooth"): void {
  drawAll();
  if (travelling) clearTimeout(travelling);
  // `scrollend` is not sent if there is nothing to scroll.
  travelling = setTimeout(arrived, behavior === "smooth" ? 1500 : 400);
  headingOf(section)?.scrollIntoView({ block: "start", behavior });
}

function arrived(): void {
  if (travelling) clearTimeout(travelling);
  travelling = null;
}

/** Current section: the one that crosses the upper third of the window; at the page's end, the last one. */
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
