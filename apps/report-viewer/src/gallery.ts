import { exampleFigures } from "./figures/examples.js";
import "./styles.css";

/** Every figure at both widths, for developers: `pnpm --filter report-viewer dev`, then /gallery.html. */
const page = document.body.querySelector("#gallery") ?? document.body;
for (const width of [1040, 366]) {
  for (const [name, draw] of Object.entries(exampleFigures)) {
    const title = document.createElement("h3");
    title.textContent = `${name}, ${width} pixels`;
    const holder = document.createElement("div");
    holder.innerHTML = draw(width).svg;
    page.append(title, holder);
  }
}
