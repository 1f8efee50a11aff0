import type { PairTable } from "@kshot/contract";
import { requireCount } from "../back-off.js";
import { personHistory } from "../counts/person-history.js";
import { latestFirst } from "../counts/session-store.js";
import { sparseRows } from "../counts/sparse-rows.js";
import { defineCountModel, tensorOf } from "./count-model.js";

/**
 * Predicts the next item from a person's earlier sessions: smoothed pointwise mutual information.
 *
 *     PMI(j, b) = log((n_jb + κ)/(n_j·n_b/n + κ)) where n_jb > 0, else 0
 *     p(b) ∝ p₀(b)·exp(sharpness·mean_j PMI(j, b)),   j among the `latest` distinct items of the person's earlier sessions
 *
 * n counts train pairs that have an earlier session of their person, n_b those with label b, n_j those with j among the latest
 * items of the earlier sessions, n_jb both. Without earlier sessions p is popularity: the expert does not read the query's own
 * session. Church & Hanks 1990 for PMI; κ is its smoothing by pseudo-counts.
 */
export const crossSessionPmi = defineCountModel({
  name: "cross-session-pmi",
  defaults: { latest: 20, kappa: 1, sharpness: 3 },
  fit(train, nItems, { latest, kappa }) {
    requireCount("cross-session-pmi, latest", latest);
    return informationOf(train, nItems, latest, kappa);
  },
  open(tensors, _nItems, { latest, sharpness }, prior) {
    const offsets = tensorOf(tensors, "offsets", "cross-session-pmi");
    const items = tensorOf(tensors, "items", "cross-session-pmi");
    const information = tensorOf(tensors, "information", "cross-session-pmi");
    return (query, support, p) => {
      const earlier = latestFirst(personHistory(query, support).slice(0, -1).flat()).slice(0, latest);
      for (const item of earlier) {
        for (let i = offsets[item]!; i < offsets[item + 1]!; i++) {
          p.add(items[i]!, information[i]! / earlier.length);
        }
      }
      // Σ p₀ = 1 before the items with information change.
      let sum = 1;
      for (let i = 0; i < p.count; i++) {
        const item = p.items[i]!;
        p.values[item] = prior[item]! * Math.exp(sharpness * p.values[item]!);
        sum += p.values[item]! - prior[item]!;
      }
      p.replaces = true;
      p.gain = 1 / sum;
      p.rest = 1 / sum;
      return -1;
    };
  },
  backOff: () => 0,
});

function informationOf(train: PairTable, nItems: number, latest: number, kappa: number) {
  const earlier = earlierItems(train, latest);
  const nEarlier = new Float64Array(nItems);
  const nLabel = new Float64Array(nItems);
  let n = 0;
  let entries = 0;
  for (let row = 0; row < train.length; row++) entries += earlier[row]!.length;
  const keys = new Float64Array(entries);
  let at = 0;
  for (let row = 0; row < train.length; row++) {
    const items = earlier[row]!;
    if (items.length === 0) continue;
    const label = train.label[row]!;
    n++;
    nLabel[label] = nLabel[label]! + 1;
    for (const item of items) {
      nEarlier[item] = nEarlier[item]! + 1;
      keys[at++] = item * nItems + label;
    }
  }
  const { offsets, columns, values } = sparseRows(keys, nItems, nItems);
  for (let item = 0; item < nItems; item++) {
    for (let i = offsets[item]!; i < offsets[item + 1]!; i++) {
      const expected = (nEarlier[item]! * nLabel[columns[i]!]!) / n;
      values[i] = Math.log((values[i]! + kappa) / (expected + kappa));
    }
  }
  return { offsets, items: columns, information: values };
}

/** Per train pair, the latest distinct items of its person's sessions that started before the pair's own. */
function earlierItems(train: PairTable, latest: number): readonly (readonly number[])[] {
  const rows = Array.from({ length: train.length }, (_, row) => row).sort(
    (a, b) => train.user[a]! - train.user[b]! || train.labelTime[a]! - train.labelTime[b]! || a - b,
  );
  const result: (readonly number[])[] = new Array(train.length);
  let user = -1;
  let session = -1;
  let before: number[] = [];
  let own: number[] = [];
  for (const row of rows) {
    if (train.user[row] !== user) {
      user = train.user[row]!;
      session = -1;
      before = [];
      own = [];
    }
    if (train.session[row] !== session) {
      session = train.session[row]!;
      before = latestFirst([...before.slice().reverse(), ...own]).slice(0, latest);
      own = [];
    }
    const end = train.prefixOffsets[row + 1]!;
    if (own.length === 0) {
      for (let i = train.prefixOffsets[row]!; i < end; i++) own.push(train.prefixItems[i]!);
    } else if (own[own.length - 1] !== train.prefixItems[end - 1]) own.push(train.prefixItems[end - 1]!);
    own.push(train.label[row]!);
    result[row] = before;
  }
  return result;
}
