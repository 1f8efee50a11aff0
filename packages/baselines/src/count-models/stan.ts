import { requireCount } from "../back-off.js";
import { personHistory } from "../counts/person-history.js";
import { latestFirst, nearestOf, openSessions, sessionTensors } from "../counts/session-store.js";
import { defineCountModel } from "./count-model.js";
import { latestSessions } from "./v-sknn.js";

const secondsPerDay = 86_400;

/**
 * STAN, sequence and time aware neighbourhoods: three exponential decays.
 *
 *     sim(s) = exp(−(T − t_s)/λ₂)·Σ_{i ∈ h ∩ s} exp(−age(i)/λ₁)/√(|h|·|s|)
 *     evidence(b) = Σ_s sim(s)·exp(−|x_b − x*_s|/λ₃),   b ∈ s
 *
 * age counts distinct items of the history h from its end, from 0; t_s is the time of the session's last label, x_b the last
 * position of b in s, x*_s that of the latest item of h that s contains. λ₂ is in days, 0: none. T is the time of the last train
 * label: a query's own time would multiply all similarities by one factor, so the ranking is that of the paper. The weight of the
 * evidence is the number of sessions that vote. Garg et al. 2019, equations 1 to 4.
 */
export const stan = defineCountModel({
  name: "stan",
  defaults: { neighbours: 200, sampled: 1000, lambda1: 1.5, lambda2: 0, lambda3: 1.5, backOff: 4, earlier: 0 },
  fit(train, _nItems, { neighbours, sampled }) {
    requireCount("stan, neighbours", neighbours);
    requireCount("stan, sampled", sampled);
    return sessionTensors(train);
  },
  open(tensors, nItems, { neighbours, sampled, lambda1, lambda2, lambda3, earlier }) {
    const { offsets, items, times, index } = openSessions(tensors, nItems, "stan");
    const recency = Float64Array.from(times, (time) =>
      lambda2 > 0 ? Math.exp((time - times[0]!) / (secondsPerDay * lambda2)) : 1,
    );
    return (query, support, evidence) => {
      const known = latestFirst(earlier > 0 ? personHistory(query, support).flat() : query);
      const similarities = new Map<number, number>();
      const anchors = new Map<number, number>();
      known.forEach((item, age) => {
        const weight = Math.exp(-age / lambda1);
        for (let i = index.offsets[item]!; i < index.offsets[item + 1]!; i++) {
          const session = index.session[i]!;
          similarities.set(session, (similarities.get(session) ?? 0) + weight);
          if (!anchors.has(session)) anchors.set(session, index.position[i]!);
        }
      });
      const sample = new Map<number, number>();
      for (const [session, overlap] of latestSessions(similarities, sampled)) {
        const length = offsets[session + 1]! - offsets[session]!;
        sample.set(session, (recency[session]! * overlap) / Math.sqrt(known.length * length));
      }
      const nearest = nearestOf(sample, neighbours);
      for (const { session, similarity } of nearest) {
        const anchor = anchors.get(session) as number;
        const begin = offsets[session]!;
        const places = new Map<number, number>();
        for (let i = begin; i < offsets[session + 1]!; i++) places.set(items[i]!, i - begin);
        for (const [item, place] of places) {
          const vote = similarity * Math.exp(-Math.abs(place - anchor) / lambda3);
          evidence[item] = evidence[item]! + vote;
        }
      }
      return nearest.length;
    };
  },
  backOff: ({ backOff }) => backOff,
});
