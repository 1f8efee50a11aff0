import type { PairTable } from "@kshot/contract";
import { requireCount } from "../back-off.js";
import { indexOfKey, sparseRows } from "../counts/sparse-rows.js";
import { defineCountModel, numbersOf, tensorOf } from "./count-model.js";

/**
 * Variable-order Markov chain: contexts of one to `orders` items, each backing off to the context that is one item shorter.
 *
 *     p_n(b | a_n … a_1) = (c(a_n … a_1, b) + μ_n·p_{n−1}(b | a_{n−1} … a_1)) / (c(a_n … a_1) + μ_n)
 *
 * c counts train pairs whose prefix ends in the context; p₀ is the smoothed share of labels; μ₁ is `first`, μ_n for n ≥ 2 is
 * `higher`. `orders: 1` is the smoothed first-order chain, `orders: 2` the second-order chain with Dirichlet back-off.
 * MacKay & Peto 1995, section 4 (hierarchical Dirichlet); Begleiter, El-Yaniv & Yona 2004 (variable orders). Contexts are a sorted
 * list of (parent, item) keys: memory is proportional to the distinct contexts that occur.
 */
export const variableMarkov = defineCountModel({
  name: "variable-markov",
  defaults: { orders: 3, first: 8, higher: 4 },
  fit(train, nItems, { orders }) {
    requireCount("variable-markov, orders", orders);
    return contextCounts(train, nItems, orders);
  },
  open(tensors, nItems, { orders, first, higher }) {
    const contexts = numbersOf(tensors, "contexts", "variable-markov");
    const offsets = tensorOf(tensors, "offsets", "variable-markov");
    const labels = tensorOf(tensors, "labels", "variable-markov");
    const counts = tensorOf(tensors, "counts", "variable-markov");
    return (query, _support, p) => {
      const { values, items } = p;
      let node = 0;
      for (let order = 1; order <= Math.min(orders, query.length); order++) {
        node = indexOfKey(contexts, node * nItems + query[query.length - order]!) + 1;
        if (node === 0) break;
        const [begin, end] = [offsets[node]!, offsets[node + 1]!];
        let total = 0;
        for (let i = begin; i < end; i++) total += counts[i]!;
        const mu = order === 1 ? first : higher;
        const back = mu / (total + mu);
        p.rest *= back;
        for (let i = 0; i < p.count; i++) values[items[i]!] = values[items[i]!]! * back;
        p.addRow(labels, begin, end, counts, begin, 1 / (total + mu));
      }
      return -1;
    };
  },
  backOff: () => 0,
});

/**
 * Counts of labels by context. Context nodes are numbered from 1 in ascending order of `parent·nItems + item`, root 0, so a
 * node's number is its key's position plus 1 and deeper nodes follow shallower ones.
 */
function contextCounts(train: PairTable, nItems: number, orders: number) {
  const levels: Float64Array[] = [];
  const labelKeys: Float64Array[] = [];
  let nodes = 1;
  /** Node of each row's context of the current order; −1 if the prefix is shorter. */
  let at = new Float64Array(train.length);
  for (let order = 1; order <= orders; order++) {
    const keys = new Float64Array(train.length);
    let present = 0;
    for (let row = 0; row < train.length; row++) {
      const place = train.prefixOffsets[row + 1]! - order;
      if (at[row]! < 0 || place < train.prefixOffsets[row]!) at[row] = -1;
      else keys[present++] = at[row]! * nItems + train.prefixItems[place]!;
    }
    if (present === 0) break;
    const level = distinct(keys.subarray(0, present));
    const ownLabels = new Float64Array(present);
    let written = 0;
    const next = new Float64Array(train.length).fill(-1);
    for (let row = 0; row < train.length; row++) {
      if (at[row]! < 0) continue;
      const item = train.prefixItems[train.prefixOffsets[row + 1]! - order]!;
      const node = nodes + indexOfKey(level, at[row]! * nItems + item);
      next[row] = node;
      ownLabels[written++] = node * nItems + train.label[row]!;
    }
    at = next;
    nodes += level.length;
    levels.push(level);
    labelKeys.push(ownLabels);
  }
  const { offsets, columns, values } = sparseRows(concatenated(labelKeys), nodes, nItems);
  return { contexts: concatenated(levels), offsets, labels: columns, counts: Int32Array.from(values) };
}

function distinct(keys: Float64Array): Float64Array {
  const sorted = keys.slice().sort();
  let n = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[n - 1]) sorted[n++] = sorted[i]!;
  return sorted.slice(0, n);
}

function concatenated(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
