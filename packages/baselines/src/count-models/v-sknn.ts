import { requireCount } from "../back-off.js";
import { personHistory } from "../counts/person-history.js";
import { latestFirst, openSessions, sessionTensors } from "../counts/session-store.js";
import { defineCountModel } from "./count-model.js";

/**
 * Vector session-kNN (V-SKNN) with a sample of the latest sessions, score weights and idf.
 *
 *     sim(s) = Σ_{i ∈ h ∩ s} w(i)/n,   w(i) = (n − age(i))/n for the n distinct items of the history h, age from 0
 *     evidence(b) = (1 + idfWeight·idf(b))·Σ_{s ∋ b} sim(s)/step(s)
 *
 * s runs over the `neighbours` most similar of the `sampled` latest sessions that share an item with h; step(s) is 1 plus the age
 * of the latest shared item. h is the query's prefix, or with `earlier: 1` also the support pairs. The weight of the evidence is
 * the number of sessions that vote. Ludewig & Jannach 2018, section 3.2 (linear weights in the similarity, 1/step in the score).
 */
export const vSknn = defineCountModel({
  name: "v-sknn",
  defaults: { neighbours: 100, sampled: 1000, idfWeight: 1, backOff: 4, earlier: 0 },
  fit(train, _nItems, { neighbours, sampled }) {
    requireCount("v-sknn, neighbours", neighbours);
    requireCount("v-sknn, sampled", sampled);
    return sessionTensors(train);
  },
  open(tensors, nItems, { neighbours, sampled, idfWeight, earlier }) {
    const { items, idf, distinct, search } = openSessions(tensors, nItems, "v-sknn");
    return (query, support, evidence) => {
      const known = latestFirst(earlier > 0 ? personHistory(query, support).flat() : query);
      const n = known.length;
      const weights = known.map((_, age) => (n - age) / (n * n));
      const nearest = search.nearest(search.latestSharing(known, weights, sampled), neighbours);
      for (const session of nearest) {
        const vote = search.similarity[session]! / (search.age(items[search.latestShared(session)]!) + 1);
        const end = distinct.offsets[session + 1]!;
        for (let i = distinct.offsets[session]!; i < end; i++) evidence.add(distinct.row[i]!, vote);
      }
      for (let i = 0; i < evidence.count; i++) {
        const item = evidence.items[i]!;
        evidence.values[item] = evidence.values[item]! * (1 + idfWeight * idf[item]!);
      }
      return nearest.length;
    };
  },
  backOff: ({ backOff }) => backOff,
});
