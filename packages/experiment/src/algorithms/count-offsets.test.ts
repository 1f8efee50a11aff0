import { fitExperts, openMixture, type StackWeights } from "@kshot/baselines";
import { type DataSet, KshotError } from "@kshot/contract";
import { episodeQuery, episodeSupport, pairsAt, pairsOfPeople, rowsByPerson, shuffle } from "@kshot/episodes";
import { randomStream } from "@kshot/metrics";
import { countOffsets, supportOffsets } from "@kshot/recommend";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder, tinyCampus } from "../../test/tiny.js";
import { type CountOffsets, type CountOffsetsOptions, crossFittedOffsets } from "./count-offsets.js";

const folder = temporaryFolder();
let data: DataSet;
let options: CountOffsetsOptions;
let offsets: CountOffsets;

beforeAll(async () => {
  ({ data } = await tinyCampus(folder));
  const counting = fitExperts(data.train.pairs, data.items.length);
  const weights = [...counting.map(() => 1 / counting.length), 0.3, -0.2, 0.1];
  options = { counting, weights, repeats: false, seed: 4, stage: "counts", progress: () => {} };
  offsets = await crossFittedOffsets(data, options);
});

/** The offsets of a person's rows by counts of some people, computed one by one. */
function byCountsOf(people: ReadonlySet<number>, own: Int32Array): number[][] {
  const { pairs } = data.train;
  const experts = fitExperts(pairsOfPeople(pairs, people), data.items.length);
  const stack: StackWeights = { experts: experts.map(({ name }) => name), weights: options.weights, repeats: false };
  const mixture = openMixture("other people", experts, stack);
  return Array.from(own, (row, at) => {
    const { sequences } = pairsAt(pairs, [row]);
    const support = at === 0 ? null : pairsAt(pairs, own.subarray(Math.max(0, at - data.k), at));
    return Array.from(mixture.logProbabilities(sequences[0]!, support), (value) => Math.fround(Math.max(-50, value)));
  });
}

describe("offsets of train people", () => {
  it("are the mixture's log-probabilities by counts of four fifths of the people, without the person", () => {
    const { pairs } = data.train;
    const n = data.items.length;
    const byPerson = rowsByPerson(pairs);
    expect(Array.from(offsets.rows)).toEqual(Array.from({ length: pairs.length }, (_, row) => row));
    const everyone = Array.from(byPerson.keys());
    const foundOf = (person: number) => {
      const values = offsets.ofRows(byPerson[person]!);
      return Array.from(byPerson[person]!, (_, at) => Array.from(values.subarray(at * n, (at + 1) * n)));
    };
    const first = foundOf(0);
    expect(first).not.toEqual(byCountsOf(new Set(everyone), byPerson[0]!));
    const fold = foldOf(0, everyone);
    expect(fold.length).toBe(everyone.length / 5);
    expect(fold).toContain(0);
    expect(first).toEqual(byCountsOf(new Set(everyone.filter((person) => !fold.includes(person))), byPerson[0]!));
    expect(foundOf(fold[1]!)).toEqual(
      byCountsOf(new Set(everyone.filter((person) => !fold.includes(person))), byPerson[fold[1]!]!),
    );
    for (const value of first.flat()) expect(Number.isFinite(value)).toBe(true);
    expect(first.flat()).toContain(-50);
  });

  it("of an episode's query are after its support pairs, and those of a support pair after the pairs before it", () => {
    const { pairs, episodes } = data.train;
    const n = data.items.length;
    // An episode whose second support pair is in another session than the first.
    const episode = Array.from(offsets.episodes).find((e) => {
      const [one, two] = episodeSupport(pairs, episodes, e).sequences;
      return two!.length <= one!.length;
    })!;
    const own = offsets.ofEpisode(episode);
    const support = episodeSupport(pairs, episodes, episode);
    const query = episodeQuery(pairs, episodes, episode);
    expect(own.support.length).toBe(data.k * n);
    expect(own.query.length).toBe(data.q * n);
    const everyone = Array.from(pairs.users.keys());
    const fold = foldOf(episodes.user[episode]!, everyone);
    const experts = fitExperts(pairsOfPeople(pairs, new Set(everyone.filter((one) => !fold.includes(one)))), n);
    const stack = { experts: experts.map(({ name }) => name), weights: options.weights, repeats: false };
    const mixture = openMixture("other people", experts, stack);
    expect(own).toEqual({ support: supportOffsets(mixture, support), query: countOffsets(mixture, query, support) });
    expect(own.support.subarray(0, n)).toEqual(countOffsets(mixture, support, null).subarray(0, n));
    expect(own.support.subarray(n)).not.toEqual(countOffsets(mixture, support, null).subarray(n));
    expect(offsets.ofEpisode(episode)).toBe(own);
  });

  it("are the same with the same seed, and counting stops when its signal fires", async () => {
    const rows = offsets.rows.subarray(0, 5);
    const again = await crossFittedOffsets(data, options);
    expect(again.ofRows(rows)).toEqual(offsets.ofRows(rows));
    const other = await crossFittedOffsets(data, { ...options, seed: 5 });
    expect(other.ofRows(rows)).not.toEqual(offsets.ofRows(rows));
    const error = await crossFittedOffsets(data, { ...options, signal: AbortSignal.abort() }).catch((e: unknown) => e);
    expect(KshotError.isInstance(error) && error.code).toBe("INTERRUPTED");
  });
});

/** The people of a person's fold: those in whose absence, all together, the person's first offsets are found. */
function foldOf(person: number, everyone: readonly number[]): number[] {
  const order = foldsOfSeed(everyone.length);
  return everyone.filter((other) => order[other] === order[person]);
}

/** The folds by an independent shuffle: seed and name of the stream are those of the module. */
function foldsOfSeed(people: number): number[] {
  const order = Int32Array.from({ length: people }, (_, i) => i);
  shuffle(order, randomStream(options.seed, "hybrid/offsets/folds"));
  const fold: number[] = new Array(people).fill(0);
  order.forEach((one, place) => {
    fold[one] = place % 5;
  });
  return fold;
}
