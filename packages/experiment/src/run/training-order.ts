import { isNetwork } from "@kshot/comparison";
import { type AlgorithmName, usageError } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import { type Need, networkAlgorithms, warmStartNeeds } from "../algorithms/index.js";

/**
 * The order of a run's algorithms: each network before those that start from it, otherwise the order of the configuration.
 *
 * @param hasFile - whether the run starts from a file, which replaces a network that it does not train
 * @throws `USAGE` for a required network that is neither trained nor in a file
 */
export function trainingOrder(config: Config, hasFile: boolean): AlgorithmName[] {
  const algorithms = [...new Set(config.algorithms)];
  const needs: readonly Need[] = [
    ...warmStartNeeds(config),
    ...algorithms.filter(isNetwork).flatMap((name) => networkAlgorithms[name].needs(config)),
  ];
  for (const { algorithm, from, flag, expected } of needs) {
    const isServed = algorithms.includes(algorithm) || from === "if trained" || (from === "or file" && hasFile);
    if (isServed) continue;
    throw usageError({
      where: flag,
      found: `${algorithm} is not among the algorithms of this run (${algorithms.join(", ")})`,
      expected,
    });
  }
  // A stack chooses among the networks of its run, so it is trained after them.
  const isStack = (name: AlgorithmName) => name === "hybrid";
  const first = needs.map(({ algorithm }) => algorithm).filter((name) => algorithms.includes(name));
  const order = [...new Set([...first, ...algorithms])];
  return [...order.filter((name) => !isStack(name)), ...order.filter(isStack)];
}
