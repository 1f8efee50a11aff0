import { helpOpen, sections, view } from "../state.js";
import { goTo } from "./go-to-section.js";
import { chooseFiles } from "./open-dialog.js";

/** `o` opens files, digits go to sections, `t` changes the theme, `?` shows the help. */
export function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement | null;
    if (event.ctrlKey || event.metaKey || event.altKey || target?.closest("textarea")) return;
    // In a list a letter selects an option.
    const letters = !target?.closest("select");
    if (event.key === "?") helpOpen.value = !helpOpen.value;
    else if (event.key === "Escape") helpOpen.value = false;
    else if (event.key === "o" && letters) chooseFiles();
    else if (event.key === "t" && letters) changeTheme();
    else {
      const section = sections[Number(event.key) - 1];
      if (section === undefined || !/^[1-9]$/.test(event.key)) return;
      helpOpen.value = false;
      goTo(section);
    }
    event.preventDefault();
  });
}

/** Dark where it is light, light where it is dark. */
export function changeTheme(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = view.theme.value === "" ? (dark ? "dark" : "light") : view.theme.value;
  view.theme.value = now === "dark" ? "light" : "dark";
}
