import { messageOf } from "@kshot/contract";
import { render } from "preact";
import { findModel } from "./open/model.js";
import { followHash, openValues, problems } from "./state.js";
import "./styles.css";
import { App } from "./view/app.js";
import { arriveAt, followScrolling } from "./view/go-to-section.js";
import { listenToKeys } from "./view/keyboard.js";
import { followPointer } from "./view/tooltip.js";

followHash(arriveAt);
const embedded = document.getElementById("kshot-data")?.textContent?.trim() ?? "";
if (embedded !== "") {
  try {
    const values: unknown = JSON.parse(embedded);
    openValues(Array.isArray(values) ? values : [values]);
  } catch (error) {
    problems.value = [
      `The results inside this page cannot be read (${messageOf(error)}): the page was truncated or changed. Make it again with kshot report, or open the results files themselves.`,
    ];
  }
}
try {
  findModel(document.getElementById("kshot-model")?.textContent?.trim() ?? "");
} catch (error) {
  problems.value = [
    ...problems.value,
    `The model inside this page cannot be read (${messageOf(error)}): the page was truncated or changed.`,
  ];
}
render(<App />, document.getElementById("app")!);
listenToKeys();
followPointer();
followScrolling();
