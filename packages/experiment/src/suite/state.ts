import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { dataError, usageError } from "@kshot/contract";
import { type Suite, type SuiteState, suiteStateSchema } from "@kshot/contract/schemas";
import { readJsonFile } from "@kshot/store";
import { differingSettings, isGroup, type Settings } from "../config/index.js";
import { relativePath } from "../run/index.js";
import { settingsWithStartFile, withStartFiles } from "./start.js";

/** A suite as it is asked for, with all that decides its numbers. */
export interface AskedSuite {
  /** Files that runs start from are absolute. */
  readonly suite: Suite;
  readonly flags: Settings;
  readonly dataFingerprint: string;
  /** Runs in all. */
  readonly total: number;
}

/**
 * The state of a suite that is asked for: what `suite.json` says, or a new one.
 *
 * @throws `DATA` where it was started on other data; `USAGE`, naming what differs, where it is another suite or has other flags.
 */
export async function openState(
  file: string,
  { suite, flags, dataFingerprint, total }: AskedSuite,
): Promise<SuiteState> {
  // As all paths in files: relative to the file.
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
      todo: "Give another --name, or the data that the suite was started with",
    });
  }
  const { $schema: _, ...started } = state.suite;
  const { $schema: __, ...wanted } = asked.suite;
  // Older versions kept no flags: what the suite was started with is not known.
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
    todo: "Give another --name",
  });
}

/** The settings of flags that decide numbers: not what computes them, nor groups without a setting. */
function decidingFlags({ engine, device, backend, build, workers, ...rest }: Settings): Record<string, unknown> {
  const empty = (value: unknown) =>
    value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => !empty(value)));
}

/** Where two values differ, in words: `flags.K: 5, now 3`. */
function differencesInWords(before: unknown, now: unknown, path: string): string[] {
  return differingSettings(before, now, path).map(
    ({ key, before: was, now: is }) => `${key}: ${inWords(was)}, now ${inWords(is)}`,
  );
}

function inWords(value: unknown): string {
  if (value === undefined) return "not given";
  if (Array.isArray(value) && value.some(isGroup)) return `${value.length} of them`;
  return JSON.stringify(value);
}
