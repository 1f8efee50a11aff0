import { projectOfSuite } from "@kshot/experiment";
import { finishSuiteWork, planSuiteWork, readPlan } from "@kshot/fleet";
import { circumstances } from "../circumstances.js";
import { quoted } from "../flags/as-typed.js";
import type { FinishFlags, SuitePlanFlags } from "../flags/fleet.js";
import { shownPath, typedPath } from "../paths.js";
import { asCalled, version } from "../program.js";
import { pageOf } from "../report-page.js";
import { suiteOf } from "./suite-of.js";
import { suiteJson, suiteText } from "./suite-text.js";

/** `kshot suite plan`. */
export async function runSuitePlan({ suite, tries, lease, out, ...flags }: SuitePlanFlags): Promise<void> {
  const directory = typedPath(out);
  const plan = await planSuiteWork({
    ...(await suiteOf(suite, flags)),
    ...{ directory, project: projectOfSuite(directory), version, tries, lease },
    page: true,
    circumstances: circumstances(),
  });
  const shown = quoted(shownPath(directory));
  process.stdout.write(
    `${plan.cells.length} cells in ${shownPath(directory)}\n\nNext, on every machine:\n    ${asCalled()} suite work ${shown}\nThen:\n    ${asCalled()} suite finish ${shown}\n`,
  );
}

/** `kshot suite finish`. */
export async function runSuiteFinish({ json }: FinishFlags, dir: string): Promise<void> {
  const directory = typedPath(dir);
  const outcome = await finishSuiteWork({ directory, plan: await readPlan(directory, version), page: pageOf });
  process.stdout.write(json ? suiteJson(outcome) : suiteText(outcome));
}
