import { compactRows, placesOf } from "./compact-rows.js";
import { activeFeatures, fitWeights, type StackOptions } from "./fit-stack.js";
import { labelPlace } from "./label-place.js";
import { solve } from "./newton.js";
import { addStackLoss } from "./stack-loss.js";
import type { Row } from "./stack-rows.js";

/** A stack's figures on people on whom its weights were not fitted. */
export interface TriedExpert {
  /** The expert that was added to the others; null: none. */
  readonly name: string | null;
  /** Mean −log p of the labels of held-out people. */
  readonly loss: number;
  /** Mean reciprocal rank of the same labels. */
  readonly mrr: number;
  /** −log p of each label, in the order of the rows. */
  readonly losses: Float64Array;
}

/** Options of the comparison of experts. */
export interface ChoiceOptions extends StackOptions {
  /** Parts that the people are divided into, at least 2. Default 10. */
  readonly folds?: number;
  /** Experts of every tried stack; if omitted, all that are not candidates. */
  readonly among?: readonly string[];
}

/**
 * Chooses which one of several experts is added to a stack, by cross-fitting over people: the people are divided into folds, the
 * weights are fitted on all folds except one, and the labels of that one are predicted. An expert that only fits the people of
 * the fit therefore gains nothing. Stone 1974 (cross-validatory choice); van der Laan, Polley & Hubbard 2007 (the super learner).
 *
 * The weights without a fold are one Newton step from those of all people, w₋ = w − (H − H_f)⁻¹(g − g_f), of the penalised losses:
 * two passes over the rows for any number of folds. Beirami et al. 2017 (approximate cross-validation).
 *
 * @param experts names, in the order of the rows' features, including the candidates
 * @param candidates experts of which one is chosen
 * @param person the person of each row, as numbers; rows of one person stay together
 * @returns each candidate's held-out loss, none (null) first; the lowest one of a candidate is the choice
 */
export function chooseExpert(
  experts: readonly string[],
  candidates: readonly string[],
  rows: readonly Row[],
  person: ArrayLike<number>,
  {
    folds = 10,
    l2 = 1e-3,
    seenRule = true,
    among: always = experts.filter((name) => !candidates.includes(name)),
  }: ChoiceOptions = {},
): { readonly chosen: string | undefined; readonly tried: readonly TriedExpert[] } {
  const parts = foldsOfPeople(person, folds);
  const tried = [null, ...candidates].map((name): TriedExpert => {
    const among = name === null ? always : [...always, name];
    return { name, ...heldOut(rows, parts, activeFeatures(experts, among, seenRule), l2) };
  });
  const [best] = tried.filter(({ name }) => name !== null).sort((a, b) => a.loss - b.loss);
  return { chosen: best?.name ?? undefined, tried };
}

/** Mean loss and reciprocal rank of each part's labels, predicted by weights of the other parts. */
function heldOut(all: readonly Row[], parts: readonly (readonly number[])[], active: readonly boolean[], l2: number) {
  const used = placesOf(active);
  const n = used.length;
  const compact = (part: readonly number[]) =>
    compactRows(
      part.map((row) => all[row]!),
      active,
    );
  const own = parts.map(compact);
  const ordered = parts.flat().map((row) => all[row]!);
  const fitted = fitWeights(ordered, active, l2);
  const weights = Float64Array.from(used, (f) => fitted.weights[f]!);
  const sums = own.map((part) => {
    const gradient = new Float64Array(n);
    const hessian = new Float64Array(n * n);
    addStackLoss(part, weights, gradient, hessian);
    return { gradient, hessian };
  });
  const losses = new Float64Array(all.length);
  let loss = 0;
  let mrr = 0;
  own.forEach((part, held) => {
    const others = sums.filter((_, i) => i !== held);
    const without = stepTo(others, all.length - part.length, weights, l2);
    let i = 0;
    for (const row of part) {
      const { logProbability, reciprocalRank } = labelPlace(row, without);
      losses[parts[held]![i++]!] = -logProbability;
      loss -= logProbability;
      mrr += reciprocalRank;
    }
  });
  return { loss: loss / all.length, mrr: mrr / all.length, losses };
}

/** One Newton step from `weights` for the penalised mean loss of some parts, whose sums at `weights` are given. */
function stepTo(
  parts: readonly { readonly gradient: Float64Array; readonly hessian: Float64Array }[],
  rows: number,
  weights: Float64Array,
  l2: number,
): Float64Array {
  const n = weights.length;
  if (rows === 0) return weights.slice();
  const gradient = Float64Array.from(weights, (w) => rows * l2 * w);
  const hessian = new Float64Array(n * n);
  for (const part of parts) {
    for (let a = 0; a < n; a++) gradient[a] = gradient[a]! + part.gradient[a]!;
    for (let i = 0; i < n * n; i++) hessian[i] = hessian[i]! + part.hessian[i]!;
  }
  // Only the lower triangle is read.
  for (let a = 0; a < n; a++) hessian[a * n + a] = hessian[a * n + a]! + rows * l2;
  const step = solve(hessian, gradient, n);
  return weights.map((w, a) => w - step[a]!);
}

/** Row numbers in parts, each with all rows of its people: people in order of first appearance, assigned to the parts in turn. */
function foldsOfPeople(person: ArrayLike<number>, folds: number): (readonly number[])[] {
  const partOf = new Map<number, number>();
  const parts: number[][] = Array.from({ length: folds }, () => []);
  for (let row = 0; row < person.length; row++) {
    const own = person[row]!;
    const part = partOf.get(own) ?? partOf.size % folds;
    partOf.set(own, part);
    parts[part]!.push(row);
  }
  return parts.filter((part) => part.length > 0);
}
