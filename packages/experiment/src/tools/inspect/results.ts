import { withInterval } from "@kshot/comparison";
import { whole } from "@kshot/contract";
import { type Results, resultsSchema } from "@kshot/contract/schemas";
import { readJsonFile } from "@kshot/store";
import type { Inspection } from "./inspection.js";

/** Reads a results file: its content, whether its parts agree, and whether it was changed. */
export async function inspectResultsFile(path: string): Promise<Inspection & { readonly results: Results }> {
  const damage: string[] = [];
  const results = await readJsonFile(path, resultsSchema, { onDamage: ({ parts }) => damage.push(parts.found) });
  const inspection = inspectResults(path, results);
  return { ...inspection, results, problems: [...damage, ...inspection.problems] };
}

/** The content of a results file, and whether its parts agree. */
function inspectResults(path: string, results: Results): Inspection {
  const { data, history, evaluations, volatile } = results;
  const last = history.iteration.at(-1);
  const best = history.validation.reduce((top, entry) => Math.max(top, entry.metrics.mrr), 0);
  const facts: [string, string][] = [
    ["Algorithm", `${results.algorithm}, K = ${results.k}, Q = ${results.q}, seed ${results.config.seed}`],
    [
      "Run",
      `${volatile.runTag || "none"}, ${volatile.engine} engine (${volatile.build}), ${volatile.workers} worker${volatile.workers === 1 ? "" : "s"}`,
    ],
    [
      "Data",
      `${whole(data.items.length)} items; ${whole(data.people.train)} train, ${whole(data.people.val)} validation, ${whole(data.people.test)} test people`,
    ],
    ["Fingerprint", data.fingerprint],
    ["Training", last === undefined ? "none" : `${whole(last)} iterations, best validation MRR ${best.toFixed(4)}`],
    ["Test evaluated", `${results.test.opened} time${results.test.opened === 1 ? "" : "s"}`],
    ...evaluations.map(({ split, window, k, steps, support, metrics, people }): [string, string] => {
      return [
        `${split}, ${window}, ${support === "first" ? "first " : ""}K ${k}, ${steps} steps`,
        `Acc@1 ${withInterval(metrics["accuracy@1"])}, MRR ${metrics.mrr.value.toFixed(4)}, ${whole(people.user.length)} people`,
      ];
    }),
  ];
  return { kind: "results", path, facts, problems: resultProblems(results) };
}

function resultProblems({ evaluations, history, data }: Results): string[] {
  const problems: string[] = [];
  for (const { split, window, steps, people, metrics } of evaluations) {
    const where = `evaluation ${split}, ${window}, ${steps} steps`;
    for (const [name, { value, low, high }] of Object.entries(metrics)) {
      // Rounding of a mean over people against one over queries.
      if (value < low - 1e-9 || value > high + 1e-9)
        problems.push(`${where}: ${name} ${value} is outside its own interval [${low}, ${high}]`);
    }
    const { user, historyLength, queries, history = user, top = user } = people;
    if ([history, top].some(({ length }) => length !== user.length)) {
      problems.push(
        `${where}: ${user.length} people, ${history.length} histories and ${top.length} lists of top items`,
      );
    }
    if (historyLength.length !== user.length || queries.length !== user.length) {
      problems.push(
        `${where}: ${user.length} people, ${historyLength.length} history lengths and ${queries.length} lists of queries`,
      );
    }
    const beyond = queries
      .flat()
      .find(({ label, higher, tied }) => label >= data.items.length || higher + tied >= data.items.length);
    if (beyond)
      problems.push(
        `${where}: item ${beyond.label}, ranked below ${beyond.higher} and tied with ${beyond.tied}, of ${data.items.length} items`,
      );
  }
  const entries = history.iteration.length;
  if (history.metaLoss.length !== entries)
    problems.push(`history: ${entries} iterations and ${history.metaLoss.length} losses`);
  for (const [tensor, { mean }] of Object.entries(history.alpha)) {
    if (mean.length !== entries)
      problems.push(`history: ${entries} iterations and ${mean.length} means of α in ${tensor}`);
  }
  return problems;
}
