import { type Engine, entryAt, type Pairs, type ParameterVector } from "@kshot/contract";

/**
 * Log-probabilities of people's queries by an ensemble, up to a constant per query: the mean of the networks' logits, `result[p]`,
 * `[queries of p, nItems]`. It is the geometric mean of their probabilities. The networks take no steps. Hansen & Salamon 1990
 * (neural network ensembles); Lakshminarayanan, Pritzel & Blundell 2017 (networks of other initial weights).
 *
 * @param thetas the networks, at least one
 * @param queries what the networks read, of each person
 * @throws as the engine
 */
export async function ensembleScores(
  engine: Engine,
  thetas: readonly ParameterVector[],
  queries: readonly Pairs[],
): Promise<readonly Float64Array[]> {
  const batches = queries.map((query) => engine.batch(query, { mask: "carry" }));
  const sums: Float64Array[] = [];
  // One network at a time: the logits of all would fill the memory with many items.
  for (const theta of thetas) {
    const logits = await engine.logits(
      batches.map(() => theta),
      batches,
    );
    for (const [p, { values }] of logits.entries()) {
      const sum = (sums[p] ??= new Float64Array(values.length));
      for (let i = 0; i < sum.length; i++) sum[i]! += entryAt(values, i) / thetas.length;
    }
  }
  return sums;
}
