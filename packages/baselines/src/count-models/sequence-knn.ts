import { requireBetween, requireCount } from "../back-off.js";
import { personHistory } from "../counts/person-history.js";
import { latestFirst, longestOf, openSessions, sessionTensors } from "../counts/session-store.js";
import { defineCountModel } from "./count-model.js";

/**
 * Order-aware nearest neighbours: train sessions that share recent, rare items vote for what followed the latest shared item.
 *
 *     sim(s) = Σ_{i ∈ h ∩ s} decay^age(i)·idf(i),   idf(i) = log(sessions/sessions with i)
 *     evidence(b) = Σ_{s among the nearest} Σ_{x > x*_s, s_x = b} sim(s)/(x − x*_s)
 *
 * age counts distinct items of the history h from its end, from 0; x*_s is the last position in s of the latest item of h that s
 * contains. h is the query's prefix, or with `earlier: 1` also the support pairs. The weight of the evidence is the number of
 * sessions that vote. Order after Garg et al. 2019 (STAN's third factor), idf and decay after Ludewig & Jannach 2018 (V-SKNN).
 */
export const sequenceKnn = defineCountModel({
  name: "sequence-knn",
  defaults: { neighbours: 200, decay: 0.8, backOff: 4, earlier: 0 },
  fit(train, _nItems, { neighbours }) {
    requireCount("sequence-knn, neighbours", neighbours);
    return sessionTensors(train);
  },
  open(tensors, nItems, { neighbours, decay, earlier }) {
    requireBetween("sequence-knn, decay", decay, 0, 1);
    const { offsets, items, idf, search } = openSessions(tensors, nItems, "sequence-knn");
    const share = Float64Array.from({ length: longestOf(offsets) }, (_, distance) => 1 / (distance + 1));
    return (query, support, evidence) => {
      const known = latestFirst(earlier > 0 ? personHistory(query, support).flat() : query);
      const weights = known.map((item, age) => decay ** age * idf[item]!);
      const nearest = search.mostSimilar(known, weights, neighbours);
      let voting = 0;
      for (let n = 0; n < nearest.length; n++) {
        const session = nearest[n]!;
        const similarity = search.similarity[session]!;
        const first = search.latestShared(session) + 1;
        const end = offsets[session + 1]!;
        if (first < end) voting++;
        evidence.addRow(items, first, end, share, 0, similarity);
      }
      return voting;
    };
  },
  backOff: ({ backOff }) => backOff,
});
