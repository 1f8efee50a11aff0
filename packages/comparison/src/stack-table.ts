import { algorithmTitle } from "./algorithms.js";
import type { ComparableResults } from "./results.js";
import { type Table, textTable } from "./text-table.js";
import { figure } from "./words.js";

/**
 * The value of each expert of a stack: its weight, and how much worse the validation people's labels are predicted when all other
 * experts are fitted without it.
 *
 * @returns null if it is not a stack
 */
export function stackShares({ algorithm, stack }: Pick<ComparableResults, "algorithm" | "stack">): Table | null {
  if (stack === undefined) return null;
  const { loss, examples, shares, network } = stack;
  const tried = network?.tried ?? [];
  const alone = tried.find(({ name }) => name === null);
  const notes = tried
    .filter(({ name }) => name !== null)
    .map(
      ({ name, loss: heldOut, mrr }) =>
        `${algorithmTitle(name ?? "")}${name === network?.chosen ? " (kept)" : ""}: loss ${figure(heldOut, 4)}, MRR ${figure(mrr, 4)} on validation people left out of the fit`,
    );
  if (alone !== undefined)
    notes.push(`Without a network: loss ${figure(alone.loss, 4)}, MRR ${figure(alone.mrr, 4)} on the same people`);
  return {
    title: [
      `${algorithmTitle(algorithm)}: weights fitted on ${examples} validation pairs, loss ${figure(loss, 4)} (mean −log p)`,
    ],
    head: [["Expert", "weight", "loss without it", "more"]],
    rows: shares.map(({ name, weight, lossWithout }) => [
      algorithmTitle(name),
      figure(weight, 3),
      lossWithout === null ? "–" : figure(lossWithout, 4),
      lossWithout === null ? "–" : figure(lossWithout - loss, 4),
    ]),
    notes,
  };
}

/** The shares of every stack among results, as text; empty without one. */
export function stackTable(all: readonly Pick<ComparableResults, "algorithm" | "stack">[]): string {
  return all
    .flatMap((results) => stackShares(results) ?? [])
    .map((table) => textTable(table))
    .join("\n\n");
}
