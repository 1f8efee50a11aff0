import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { dataError } from "@kshot/contract";
import { recoverReplaced } from "@kshot/store";
import type { Progress } from "../../progress.js";
import { runFiles, vocabularyFile } from "../../run/index.js";
import { inspectDataFolder } from "./data-folder.js";
import type { Inspection } from "./inspection.js";
import { inspectProject } from "./project.js";
import { inspectResultsFile } from "./results.js";
import { inspectRun } from "./run.js";
import { inspectTensors } from "./tensors.js";

/**
 * The content of a path, and whether it is valid: a data folder, project, run, checkpoint, model or results file. Everything is read
 * by the code that uses it, so `train` and `evaluate` accept everything that `inspect` accepts.
 *
 * @param progress - called while a data folder's personal signal is measured, which takes up to minutes; if omitted, it is not
 * measured
 * @throws `DATA` for a missing path, a path of another kind, or a file that is too damaged to describe.
 */
export async function inspect(path: string, progress?: Progress): Promise<Inspection> {
  await recoverReplaced(path);
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind === undefined) throw dataError({ where: path, found: "no such file or folder", expected: what });
  if (kind.isDirectory()) {
    if (existsSync(join(path, vocabularyFile))) return inspectDataFolder(path, progress);
    if (existsSync(join(path, runFiles.config))) return inspectRun(path);
    if (existsSync(join(path, "meta.json"))) return inspectProject(path);
    throw dataError({
      where: path,
      found: "a folder without vocab/course2id.json, config.json or meta.json",
      expected: what,
    });
  }
  if (path.endsWith(".safetensors")) return inspectTensors(path);
  if (path.endsWith(".json")) return inspectResultsFile(path);
  throw dataError({ where: path, found: "a file of another kind", expected: what });
}

const what =
  "a data folder, a project folder, a run folder, a model or checkpoint (.safetensors) or a results file (.json)";
