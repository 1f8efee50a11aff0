import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { dataError, isRecord, usageError } from "@kshot/contract";
import { type Suite, type SuiteState, suiteStateSchema } from "@kshot/contract/schemas";
import { readJsonFile } from "@kshot/store";
import { differingSettings, type Settings, withoutEmpty } from "../config/index.js";
import { relativePath } from "../run/index.js";
import { settingsWithStartFile, withStartFiles } from "./start.js";

/** The requested suite, with all settings that change its results. */
export interface AskedSuite {
  /** Files that runs start from are absolute. */
  readonly suite: Suite;
  readonly flags: Settings;
  readonly dataFingerprint: string;
  /** Total number of runs. */
  readonly total: number;
}

/**
 * The state of the requested suite: the content of `suite.json`, or a new one.
 *
 * @throws `DATA` if it was started on other data; `USAGE`, naming the difference, if it is another suite or has other flags.
 */
export async function openState(
  file: string,
  { suite, flags, dataFingerprint, total }: AskedSuite,
): Promise<SuiteState> {
  // Relative to the file, as all paths in files.
  const written = (path: string) => relativePath(dirname(file), path);
  const asked = {
    suite: withStartFiles(suite, written),
    flags: decidingFlags(settingsWithStartFile(flags, written)),
  };
  if (!existsSync(file)) return { format: "kshot.suite-state/1", ...asked, dataFingerprint, runs: [], total };
  const state = await readJsonFile(file, suiteStateSchema);
  if (state.dataFingerprint !== dataFingerprint) {
    throw dataError({
      where: file,
      found: `a suite on the data ${state.dataFingerprint.slice(0, 12)}…`,
      expected: `${dataFingerprint.slice(0, 12)}…, the fingerprint of --data`,
      todo: "Give another --name or --out, or the data that the suite was started with",
    });
  }
  const { $schema: _, ...started } = state.suite;
  const { $schema: __, ...wanted } = asked.suite;
  // Older versions stored no flags: the settings at the start are not known.
  const differing = [
    ...differencesInWords(started, wanted, "suite"),
    ...(state.flags === undefined ? [] : differencesInWords(state.flags, asked.flags, "flags")),
  ];
  if (differing.length === 0) return { ...state, flags: asked.flags };
  const shown = [...differing.slice(0, 3), ...(differing.length > 3 ? [`${differing.length - 3} more`] : [])];
  throw usageError({
    where: file,
    found: `another suite under this name: ${shown.join("; ")}`,
    expected: "the suite that was started, with the flags it was started with",
    todo: "Give another --name, or with kshot suite plan another --out",
  });
}

/** The settings of flags that change results: without engine settings and empty groups. */
function decidingFlags({ engine, device, backend, build, workers, gpu_memory, ...rest }: Settings): Settings {
  return withoutEmpty(rest);
}

/** The place where two values differ, in words: `flags.K: 5, now 3`. */
function differencesInWords(before: unknown, now: unknown, path: string): string[] {
  return differingSettings(before, now, path).map(
    ({ key, before: was, now: is }) => `${key}: ${inWords(was)}, now ${inWords(is)}`,
  );
}

function inWords(value: unknown): string {
  if (value === undefined) return "not given";
  if (Array.isArray(value) && value.some(isRecord)) return `${value.length} of them`;
  return JSON.stringify(value);
}
