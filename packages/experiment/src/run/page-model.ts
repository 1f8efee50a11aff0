import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { usageError } from "@kshot/contract";
import { byValidation, modelsOfRun } from "./best-model.js";
import type { PageModel } from "./options.js";

/** Largest size of a model that a run's page contains; base64 adds a third. */
const mostByDefault = 4 * 2 ** 20;

/** Largest size of a model in a page: with a larger one it would open slowly or not at all. */
const most = 64 * 2 ** 20;

/**
 * The model in a run's page, of those that are small enough: Meta-SGD's, otherwise that with the highest validation MRR; undefined without
 * one.
 *
 * @param mostBytes default 4 MiB
 */
export async function modelForPage(directory: string, mostBytes = mostByDefault): Promise<PageModel | undefined> {
  const byMrr = byValidation(await modelsOfRun(directory)).filter(({ file }) => statSync(file).size <= mostBytes);
  const chosen = byMrr.find(({ algorithm }) => algorithm === "meta-sgd") ?? byMrr[0];
  return chosen && { name: basename(chosen.file), bytes: readFileSync(chosen.file) };
}

/**
 * A model's file for a page.
 *
 * @throws `USAGE` for a file above 64 MiB.
 */
export function pageModel(file: string): PageModel {
  const { size } = statSync(file);
  if (size > most) {
    throw usageError({
      where: `--model ${file}`,
      found: `${Math.round(size / 2 ** 20)} MB`,
      expected: `a model of at most ${most / 2 ** 20} MB: a larger one would make the page too slow to open`,
      todo: "Use kshot serve for it",
    });
  }
  return { name: basename(file), bytes: readFileSync(file) };
}
