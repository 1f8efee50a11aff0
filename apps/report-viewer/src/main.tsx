import { render } from "preact";
import { followHash, openValues } from "./state.js";
import "./styles.css";
import { App } from "./view/app.js";
import { listenToKeys } from "./view/keyboard.js";
import { followPointer } from "./view/tooltip.js";

followHash();
const embedded = document.getElementById("kshot-data")?.textContent?.trim() ?? "";
if (embedded !== "") {
  try {
    const values: unknown = JSON.parse(embedded);
    openValues(Array.isArray(values) ? values : [values]);
  } catch {
    openValues([]);
  }
}
render(<App />, document.getElementById("app")!);
listenToKeys();
followPointer();
