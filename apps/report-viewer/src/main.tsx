import { messageOf } from "@kshot/contract";
import { render } from "preact";
import { followHash } from "./address.js";
import { findModel } from "./open/model.js";
import { readPage } from "./open/read-page.js";
import { findRun } from "./open/run-state.js";
import { problems } from "./state.js";
import "./styles.css";
import { App } from "./view/app.js";
import { drawOnInteraction } from "./view/drawing-order.js";
import { arriveAt, followScrolling } from "./view/go-to-section.js";
import { listenToKeys } from "./view/keyboard.js";
import { renewWhileRunning } from "./view/renew.js";
import { followPointer } from "./view/tooltip.js";

followHash(arriveAt);
drawOnInteraction();
readPage(start);

function start(): void {
  try {
    findModel(document.getElementById("kshot-model")?.textContent?.trim() ?? "");
  } catch (error) {
    problems.value = [
      ...problems.value,
      `The model inside this page cannot be read (${messageOf(error)}): the page was truncated or changed.`,
    ];
  }
  try {
    findRun(document.getElementById("kshot-run")?.textContent?.trim() ?? "");
  } catch {
    // Without the state it is a page of results.
  }
  const app = document.getElementById("app") ?? document.body;
  // The answer that was painted before the script ran.
  app.replaceChildren();
  render(<App />, app);
  listenToKeys();
  followPointer();
  followScrolling();
  renewWhileRunning();
}
