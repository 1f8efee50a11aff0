import type { SuiteOutcome } from "@kshot/experiment";
import { quoted } from "../flags/as-typed.js";
import { shownPath } from "../paths.js";
import { asCalled } from "../program.js";

/** The output of a finished suite: the comparison, its sweeps, the paths of its files. */
export function suiteText({ directory, table, sweeps, reportPage }: SuiteOutcome): string {
  const shown = shownPath(directory);
  const tried = sweeps.map((sweep) => `\n\n${sweep}`).join("");
  return `\n${table}${tried}\n\nSuite    ${shown}\nCompare  ${asCalled()} compare ${quoted(shown)}\nReport   ${shownPath(reportPage ?? "")} (opens in a browser)\n`;
}

/** The same as one line of JSON. */
export function suiteJson({ directory, resultFiles }: SuiteOutcome): string {
  return `${JSON.stringify({ type: "result", suiteDir: directory, results: resultFiles })}\n`;
}
