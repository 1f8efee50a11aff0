import { requireCount } from "../back-off.js";
import { sparseRows } from "../counts/sparse-rows.js";
import { defineCountModel, tensorOf } from "./count-model.js";

/**
 * Sequential rules: b follows a at distance d within a session, weighted 1/d.
 *
 *     rule(a → b) = Σ_sessions Σ_{x > y, s_y = a, s_x = b, x − y ≤ steps} 1/(x − y)
 *     evidence(b) = Σ_{j=1}^{last} rule(a_j → b)/j,   a_j the j-th latest item of the prefix
 *
 * The paper reads only the latest item (`last: 1`) and ten steps (`steps: 10`). Kamehkhosh, Jannach & Ludewig 2017, section 3.2;
 * Ludewig & Jannach 2018, section 3.1. The weight of the evidence is its sum.
 */
export const sequentialRules = defineCountModel({
  name: "sequential-rules",
  defaults: { last: 5, steps: 10, backOff: 8 },
  fit(train, nItems, { steps, last }) {
    requireCount("sequential-rules, steps", steps);
    requireCount("sequential-rules, last", last);
    const weights = Array.from({ length: steps }, (_, d) => 1 / (d + 1));
    let n = 0;
    for (let row = 0; row < train.length; row++) {
      n += Math.min(steps, train.prefixOffsets[row + 1]! - train.prefixOffsets[row]!);
    }
    const keys = new Float64Array(n);
    let at = 0;
    for (let row = 0; row < train.length; row++) {
      const end = train.prefixOffsets[row + 1]!;
      const length = Math.min(steps, end - train.prefixOffsets[row]!);
      for (let d = 0; d < length; d++) {
        const cell = train.prefixItems[end - 1 - d]! * nItems + train.label[row]!;
        keys[at++] = cell * steps + d;
      }
    }
    const { offsets, columns, values } = sparseRows(keys, nItems, nItems, weights);
    return { offsets, followers: columns, weights: values };
  },
  open(tensors, _nItems, { last }) {
    const offsets = tensorOf(tensors, "offsets", "sequential-rules");
    const followers = tensorOf(tensors, "followers", "sequential-rules");
    const weights = tensorOf(tensors, "weights", "sequential-rules");
    return (query, _support, evidence) => {
      for (let j = 1; j <= Math.min(last, query.length); j++) {
        const item = query[query.length - j]!;
        evidence.addRow(followers, offsets[item]!, offsets[item + 1]!, weights, offsets[item]!, 1 / j);
      }
      return evidence.sum();
    };
  },
  backOff: ({ backOff }) => backOff,
});
