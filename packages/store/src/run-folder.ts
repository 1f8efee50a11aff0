import fs from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { failedError, systemCodeOf, usageError } from "@kshot/contract";
import { writeError } from "./file-errors.js";

/** A run's folder and its names. */
export interface RunFolder {
  readonly runId: string;
  /** `YYYYMMDD_HHMMSS` in local time; `_2`, `_3` … if it exists already. */
  readonly runTag: string;
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
  /** Relative to the project folder, with `/`: usually `reports/<name>/<run_tag>`, as in the registry. */
  readonly outDir: string;
  /** `YYYY-MM-DDTHH:MM:SS` in local time. */
  readonly createdAt: string;
}

/** Largest number of runs of one name within one second; a person does not start more. */
const maxSuffix = 1000;

/**
 * Creates a run's folder, `reports/<name>/<run_tag>/`. Two runs of the same second get two folders, because the folder is created
 * exclusively.
 *
 * The run's folder is created in `parent`, an absolute path inside the project; if omitted, in `reports/<name>`.
 *
 * @param name one path segment
 * @throws `USAGE` for an invalid name, an invalid date or a folder that cannot be written.
 * @example
 * ```js
 * import { createRun, openProject } from "@kshot/store";
 *
 * const project = await openProject("kshot-runs");
 * const run = await createRun(project, { name: "demo", now: new Date(2026, 0, 2, 3, 4, 5), runId: "6f1c" });
 * console.log(run.outDir); // reports/demo/20260102_030405
 * ```
 */
export async function createRun(
  project: string,
  {
    name,
    now,
    runId,
    parent = resolve(project, "reports", name),
  }: { readonly name: string; readonly now: Date; readonly runId: string; readonly parent?: string },
): Promise<RunFolder> {
  if (!/^[^/\\\0]+$/.test(name) || name === "." || name === "..") {
    throw usageError({ where: "name of the run", found: `"${name}"`, expected: "a folder name without / or \\" });
  }
  if (Number.isNaN(now.getTime())) throw usageError({ where: "time of the run", found: "no date", expected: "a date" });
  const { tag, createdAt } = localTime(now);
  try {
    await fs.mkdir(parent, { recursive: true });
    for (let suffix = 1; suffix <= maxSuffix; suffix++) {
      const runTag = suffix === 1 ? tag : `${tag}_${suffix}`;
      const directory = join(parent, runTag);
      try {
        await fs.mkdir(directory);
      } catch (cause) {
        if (systemCodeOf(cause) === "EEXIST") continue;
        throw cause;
      }
      return { runId, runTag, name, directory, outDir: outDirOf(project, directory), createdAt };
    }
  } catch (cause) {
    throw writeError(parent, cause);
  }
  throw failedError({ where: parent, found: `${maxSuffix} runs of ${tag}`, expected: "fewer runs in one second" });
}

function outDirOf(project: string, directory: string): string {
  return relative(resolve(project), directory).replaceAll(sep, "/");
}

function localTime(now: Date): { tag: string; createdAt: string } {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [String(now.getFullYear()).padStart(4, "0"), two(now.getMonth() + 1), two(now.getDate())];
  const time = [two(now.getHours()), two(now.getMinutes()), two(now.getSeconds())];
  return { tag: `${day.join("")}_${time.join("")}`, createdAt: `${day.join("-")}T${time.join(":")}` };
}
