import { dirname } from "node:path";
import { parseFile, type Suite, suiteSchema } from "@kshot/contract/schemas";
import { defaultSuite, isOwnStart, type SuiteOptions, withoutEmpty } from "@kshot/experiment";
import type { TrainFlags } from "../flags/train.js";
import { typedIn, typedPath } from "../paths.js";
import { configFile, modelFile, settingsOf, sizeOn } from "./train-settings.js";

/**
 * The suite of `--suite`, its data and the settings of the flags, which override its own.
 *
 * @param which - a file, or `default`
 */
export async function suiteOf(
  which: string,
  flags: Partial<TrainFlags> & { readonly data: string },
): Promise<Pick<SuiteOptions, "suite" | "suiteDir" | "dataDir" | "flags">> {
  const file = which === "default" ? undefined : configFile(which, "--suite");
  const suite: Suite = file === undefined ? defaultSuite : parseFile(suiteSchema, file.content, file.path);
  // Only differences from the defaults, so that the same command gives the same suite.
  const { k, q } = await sizeOn(flags.data, flags, suite.settings);
  const size = withoutEmpty({ k: k === 5 ? flags.k : k, q: q === 10 ? flags.q : q });
  const { warmStart } = flags;
  return {
    suite,
    ...(file === undefined ? {} : { suiteDir: dirname(file.path) }),
    dataDir: typedPath(flags.data),
    flags: settingsOf({
      ...flags,
      ...size,
      ...(warmStart === undefined || isOwnStart(warmStart) ? {} : { warmStart: modelFile(typedIn(), warmStart) }),
    }),
  };
}
