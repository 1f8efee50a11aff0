import { requireCount } from "../back-off.js";
import { DistinctItems, NeighbourSearch } from "../counts/neighbour-search.js";
import { personHistory } from "../counts/person-history.js";
import { latestFirst, openSessions, sessionTensors } from "../counts/session-store.js";
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
    const { offsets, items, times, index, nSessions } = openSessions(tensors, nItems, "stan");
    const recency = Float64Array.from(times, (time) =>
      lambda2 > 0 ? Math.exp((time - times[0]!) / (secondsPerDay * lambda2)) : 1,
    );
    const search = new NeighbourSearch(index, nSessions);
    const distinct = new DistinctItems(nItems);
    const longest = times.reduce((most, _, session) => Math.max(most, offsets[session + 1]! - offsets[session]!), 0);
    const decay = Float64Array.from({ length: longest }, (_, distance) => Math.exp(-distance / lambda3));
    return (query, support, evidence) => {
      const known = latestFirst(earlier > 0 ? personHistory(query, support).flat() : query);
      search.search(known, (_, age) => Math.exp(-age / lambda1));
      search.keepLatest(sampled);
      const nearest = search.nearest(neighbours, (session, overlap) => {
        const length = offsets[session + 1]! - offsets[session]!;
        return (recency[session]! * overlap) / Math.sqrt(known.length * length);
      });
      for (const session of nearest) {
        const similarity = search.similarity[session]!;
        const anchor = search.position[session]!;
        distinct.each(items, offsets[session]!, offsets[session + 1]!, (item, position) => {
          evidence[item] = evidence[item]! + similarity * decay[Math.abs(position - anchor)]!;
        });
      }
      return nearest.length;
    };
  },
  backOff: ({ backOff }) => backOff,
});
