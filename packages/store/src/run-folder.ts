import fs from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { failedError, usageError } from "@kshot/contract";
import { systemCode, writeError } from "./file-errors.js";

/** A run's folder and what it is called. */
export interface RunFolder {
  readonly runId: string;
  /** `YYYYMMDD_HHMMSS` in local time, as the notebook's; `_2`, `_3` … where taken. */
  readonly runTag: string;
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
  /** Relative to the project folder, with `/`: `reports/<name>/<run_tag>` as a rule, as the registry holds it. */
  readonly outDir: string;
  /** `YYYY-MM-DDTHH:MM:SS` in local time, as the notebook's `created_at`. */
  readonly createdAt: string;
}

/** Runs of one name within one second: more than that is not a person's doing. */
const maxSuffix = 1000;

/**
 * Creates a run's folder, `reports/<name>/<run_tag>/` (notebook cell 07c-03). Two runs of the same second get two folders,
 * whoever asks: the folder's creation decides.
 *
 * The run's folder is made in `parent`, an absolute path inside the project; without it in `reports/<name>`.
 *
 * @param name one path segment
 * @throws `USAGE` for a name that is no plain one, a date that is none or a place that cannot be written.
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
        if (systemCode(cause) === "EEXIST") continue;
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
