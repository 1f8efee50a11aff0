import { type ParameterLayout, type ParameterVector, usageError } from "@kshot/contract";

/**
 * Checks that each list of an engine's call has one vector per batch, each as long as the layout.
 *
 * @param engine the engine's name in messages, `SIMD engine`
 * @param vectors lists of vectors by argument name, `{ thetas, directions }`
 * @param batches number of batches of the call
 * @param layout the engine's layout
 * @throws `USAGE`, naming the argument
 */
export function checkVectors(
  engine: string,
  vectors: Readonly<Record<string, readonly ParameterVector[]>>,
  batches: number,
  layout: ParameterLayout,
): void {
  for (const [name, list] of Object.entries(vectors)) {
    if (list.length !== batches) {
      throw usageError({
        where: `${engine}, ${name}`,
        found: `${list.length} for ${batches} batches`,
        expected: "one for each batch",
      });
    }
    for (const [i, { length }] of list.entries()) {
      if (length === layout.size) continue;
      throw usageError({
        where: `${engine}, ${name}[${i}]`,
        found: `${length} values`,
        expected: `${layout.size}, as the engine's layout has`,
      });
    }
  }
}

/**
 * Checks a number of inner steps.
 *
 * @throws `USAGE` unless it is a whole number from 0
 */
export function checkSteps(steps: number): void {
  if (Number.isSafeInteger(steps) && steps >= 0) return;
  throw usageError({ where: "inner steps", found: `${steps}`, expected: "a whole number from 0" });
}

/**
 * Checks the numbers of steps of a fused evaluation.
 *
 * @param steps whole numbers from 0, ascending
 * @throws `USAGE` for another number or another order
 */
function checkAscendingSteps(steps: readonly number[]): void {
  for (const [i, count] of steps.entries()) {
    checkSteps(count);
    if (i > 0 && count < steps[i - 1]) {
      throw usageError({ where: "inner steps", found: steps.join(", "), expected: "ascending numbers" });
    }
  }
}

/**
 * Checks the arguments of a fused evaluation: one list of queries for each number of steps, with one batch for each person.
 *
 * @param engine the engine's name in messages, `SIMD engine`
 * @param steps whole numbers from 0, ascending
 * @param people number of support batches
 * @throws `USAGE`, naming the argument
 */
export function checkQueries(
  engine: string,
  queries: readonly (readonly unknown[])[],
  steps: readonly number[],
  people: number,
): void {
  checkAscendingSteps(steps);
  if (queries.length === steps.length && queries.every((list) => list.length === people)) return;
  throw usageError({
    where: `${engine}, queries`,
    found: `lists of ${queries.map((list) => list.length).join(", ") || "none"}`,
    expected: `${steps.length} lists, one for each number of steps, of ${people} batches`,
  });
}

/**
 * Checks order, steps and tasks of a meta-gradient.
 *
 * @param innerSteps whole number from 0
 * @param order 1 or 2
 * @param tasks number of tasks, at least 1
 * @throws `USAGE`, naming the argument
 */
export function checkMetaGradient(innerSteps: number, order: number, tasks: number): void {
  checkSteps(innerSteps);
  if (order !== 1 && order !== 2) throw usageError({ where: "order", found: `${order}`, expected: "1 or 2" });
  if (tasks === 0) throw usageError({ where: "tasks", found: "none", expected: "at least one task" });
}

/**
 * Checks the largest norm of an inner gradient.
 *
 * @param innerClip a finite number above 0; undefined: no limit
 * @throws `USAGE` for any other number
 */
export function checkInnerClip(innerClip: number | undefined): void {
  if (innerClip === undefined || (Number.isFinite(innerClip) && innerClip > 0)) return;
  throw usageError({ where: "innerClip", found: `${innerClip}`, expected: "a number above 0" });
}
