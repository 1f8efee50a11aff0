import { requireBetween, requireCount } from "../back-off.js";
import { personHistory } from "../counts/person-history.js";
import { latestFirst, longestOf, openSessions, sessionTensors } from "../counts/session-store.js";
import { defineCountModel } from "./count-model.js";

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
    // Outside these limits the similarities are not finite, or all 0.
    requireBetween("stan, lambda1", lambda1, 0.01, 1e6);
    requireBetween("stan, lambda2", lambda2, 0, 1e6);
    requireBetween("stan, lambda3", lambda3, 0.01, 1e6);
    const { offsets, times, distinct, search } = openSessions(tensors, nItems, "stan");
    const recency = (time: number) => (lambda2 > 0 ? Math.exp((time - times[0]!) / (secondsPerDay * lambda2)) : 1);
    const share = times.map((time, s) => recency(time) / Math.sqrt(offsets[s + 1]! - offsets[s]!));
    // By place in the session, the latest shared item in the middle.
    const longest = longestOf(offsets);
    const decay = Float64Array.from({ length: 2 * longest }, (_, i) => Math.exp(-Math.abs(i - longest) / lambda3));
    return (query, support, evidence) => {
      const known = latestFirst(earlier > 0 ? personHistory(query, support).flat() : query);
      const root = Math.sqrt(known.length);
      const weights = known.map((_, age) => Math.exp(-age / lambda1) / root);
      const compared = search.latestSharing(known, weights, sampled);
      const { similarity } = search;
      for (let n = 0; n < compared.length; n++) {
        const session = compared[n]!;
        similarity[session] = similarity[session]! * share[session]!;
      }
      const nearest = search.nearest(compared, neighbours);
      for (let n = 0; n < nearest.length; n++) {
        const session = nearest[n]!;
        const own = similarity[session]!;
        const middle = longest - search.latestShared(session);
        evidence.addPlaces(distinct, distinct.offsets[session]!, distinct.offsets[session + 1]!, decay, middle, own);
      }
      return nearest.length;
    };
  },
  backOff: ({ backOff }) => backOff,
});
