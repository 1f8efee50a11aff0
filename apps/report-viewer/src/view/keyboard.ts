import { helpOpen, sections, view } from "../state.js";
import { goTo } from "./go-to-section.js";
import { chooseFiles } from "./open-dialog.js";

/** Elements in which typed letters are an entry or a choice, not a shortcut. */
const entries = "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]";

/** `o` opens files, digits go to sections, `t` changes the theme, `?` shows the help. The help can turn single keys off. */
export function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement | null;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (!helpOpen.value) return;
      helpOpen.value = false;
    } else if (view.keys.value === "off" || target?.closest(entries)) return;
    else if (event.key === "?") helpOpen.value = !helpOpen.value;
    else if (event.key === "o") chooseFiles();
    else if (event.key === "t") changeTheme();
    else {
      const section = sections[Number(event.key) - 1];
      if (section === undefined || !/^[1-9]$/.test(event.key)) return;
      helpOpen.value = false;
      goTo(section);
    }
    event.preventDefault();
  });
}

/** Dark if it is light, light if it is dark. */
export function changeTheme(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = view.theme.value === "" ? (dark ? "dark" : "light") : view.theme.value;
  view.theme.value = now === "dark" ? "light" : "dark";
}
