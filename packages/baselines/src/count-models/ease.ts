import type { PairTable } from "@kshot/contract";
import { requireCount } from "../back-off.js";
import { personHistory } from "../counts/person-history.js";
import { labelCounts } from "../label-counts.js";
import { defineCountModel, tensorOf } from "./count-model.js";

/**
 * EASE, a linear item-item model in closed form, on the sets of items in people's histories.
 *
 *     P = (XᵀX + λI)⁻¹,  B_ij = −P_ij/P_jj,  B_jj = 0;   s = xᵀB;   p(b) ∝ p₀(b)·exp(sharpness·s_b)
 *
 * X `[people, items]` is 1 if a train person has the item in any session; x is the same for the query's person. Steck 2019,
 * equations 5 to 8. Bounded: B covers the `most` items that are labels most often (among equals, the lower number), so fitting
 * takes O(most³) time and O(most²) memory for any number of items; the others have s = 0 and their popularity.
 */
export const ease = defineCountModel({
  name: "ease",
  defaults: { lambda: 100, sharpness: 10, most: 1000 },
  fit(train, nItems, { lambda, most }) {
    requireCount("ease, most", most);
    const counts = labelCounts(train, nItems);
    const modelled = Int32Array.from(
      Array.from(counts.keys())
        .sort((a, b) => counts[b]! - counts[a]! || a - b)
        .slice(0, most)
        .sort((a, b) => a - b),
    );
    return { modelled, weights: easeWeights(gram(train, nItems, modelled), modelled.length, lambda) };
  },
  open(tensors, nItems, { sharpness }, prior) {
    const modelled = tensorOf(tensors, "modelled", "ease");
    const weights = tensorOf(tensors, "weights", "ease");
    const n = modelled.length;
    const place = new Int32Array(nItems).fill(-1);
    modelled.forEach((item, i) => void (place[item] = i));
    // Items without weights have s = 0.
    let others = 0;
    for (let i = 0; i < nItems; i++) if (place[i]! < 0) others += prior[i]!;
    return (query, support, p) => {
      const scores = new Float64Array(n);
      for (const item of [...new Set(personHistory(query, support).flat())].sort((a, b) => a - b)) {
        const row = place[item]!;
        if (row < 0) continue;
        for (let j = 0; j < n; j++) scores[j] = scores[j]! + weights[row * n + j]!;
      }
      let sum = others;
      for (let j = 0; j < n; j++) {
        scores[j] = prior[modelled[j]!]! * Math.exp(sharpness * scores[j]!);
        sum += scores[j]!;
      }
      for (let j = 0; j < n; j++) p.add(modelled[j]!, scores[j]!);
      p.replaces = true;
      p.gain = 1 / sum;
      p.rest = 1 / sum;
      return -1;
    };
  },
  backOff: () => 0,
});

/** XᵀX over the modelled items, `[n, n]`: number of people with both items. */
function gram(train: PairTable, nItems: number, modelled: Int32Array): Float64Array {
  const n = modelled.length;
  const place = new Int32Array(nItems).fill(-1);
  modelled.forEach((item, i) => void (place[item] = i));
  const met: Set<number>[] = train.users.map(() => new Set());
  for (let row = 0; row < train.length; row++) {
    const own = met[train.user[row]!]!;
    const end = train.prefixOffsets[row + 1]!;
    for (let i = train.prefixOffsets[row]!; i < end; i++) own.add(place[train.prefixItems[i]!]!);
    own.add(place[train.label[row]!]!);
  }
  const products = new Float64Array(n * n);
  for (const own of met) {
    own.delete(-1);
    for (const i of own) for (const j of own) products[i * n + j] = products[i * n + j]! + 1;
  }
  return products;
}

/** B of `gram`, `[n, n]`, which is overwritten: by Cholesky, G + λI = LLᵀ, P = L⁻ᵀL⁻¹. */
function easeWeights(gram: Float64Array, n: number, lambda: number): Float64Array {
  for (let i = 0; i < n; i++) gram[i * n + i] = gram[i * n + i]! + lambda;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = gram[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= gram[i * n + k]! * gram[j * n + k]!;
      gram[i * n + j] = i === j ? Math.sqrt(sum) : sum / gram[j * n + j]!;
    }
  }
  // Row j of `inverse` is column j of L⁻¹, so that both products below run along rows.
  const inverse = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    inverse[j * n + j] = 1 / gram[j * n + j]!;
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= gram[i * n + k]! * inverse[j * n + k]!;
      inverse[j * n + i] = sum / gram[i * n + i]!;
    }
  }
  const weights = new Float64Array(n * n);
  const product = (i: number, j: number) => {
    let sum = 0;
    for (let k = Math.max(i, j); k < n; k++) sum += inverse[i * n + k]! * inverse[j * n + k]!;
    return sum;
  };
  const diagonal = Float64Array.from({ length: n }, (_, j) => product(j, j));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const p = product(i, j);
      weights[i * n + j] = -p / diagonal[j]!;
      weights[j * n + i] = -p / diagonal[i]!;
    }
  }
  return weights;
}
