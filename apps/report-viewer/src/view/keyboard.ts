import { helpOpen, sections, view } from "../state.js";
import { chooseFiles } from "./open-dialog.js";

/** `o` opens files, digits go to sections, `t` changes the theme, `?` shows this. */
export function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement | null;
    if (event.ctrlKey || event.metaKey || event.altKey || target?.closest("input, textarea, select")) return;
    if (event.key === "?") helpOpen.value = !helpOpen.value;
    else if (event.key === "Escape") helpOpen.value = false;
    else if (event.key === "o") chooseFiles();
    else if (event.key === "t") {
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      const now = view.theme.value === "" ? (dark ? "dark" : "light") : view.theme.value;
      view.theme.value = now === "dark" ? "light" : "dark";
    } else {
      const section = sections[Number(event.key) - 1];
      if (section === undefined || !/^[1-9]$/.test(event.key)) return;
      goTo(section);
    }
    event.preventDefault();
  });
}

/** Shows a section, and lets a screen reader go on from there. */
export function goTo(section: (typeof sections)[number]): void {
  view.section.value = section;
  const heading = document.getElementById(`${section}-title`);
  heading?.scrollIntoView({ block: "start" });
  heading?.focus({ preventScroll: true });
}
