import { type AlgorithmName, usageError } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import type { MetaAlgorithmName } from "@kshot/meta-sgd";
import { isShared } from "../algorithms/index.js";
import { chooseEngine } from "../config/index.js";

/**
 * The algorithms of a run whose training several processes can share.
 *
 * @throws `USAGE` if there is not one, or for an engine whose sums are not formed in groups of tasks
 */
export function sharedAlgorithms(config: Config, order: readonly AlgorithmName[]): MetaAlgorithmName[] {
  const engine = chooseEngine(config);
  if (engine !== "simd") {
    throw usageError({
      where: "--ranks",
      found: `the ${engine === "gpu" ? "WebGPU" : engine} engine`,
      expected: "the SIMD engine, whose sums over groups of tasks are the same on every machine",
      todo: "Leave out --ranks, or --device, --engine and --backend",
    });
  }
  const shared = order.filter(isShared);
  if (shared.length > 0) return shared;
  throw usageError({
    where: "--ranks",
    found: `no algorithm with a meta-gradient among ${order.join(", ")}`,
    expected: "--algorithm with meta-sgd, maml, fomaml, anil or residual-maml",
  });
}
