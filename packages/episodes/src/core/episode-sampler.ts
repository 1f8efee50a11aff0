import { type EpisodeTable, usageError } from "@kshot/contract";
import { generatorOf, type Randomness } from "@kshot/contract/random";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { shuffle } from "./shuffle.js";

/**
 * Draws meta-batches: min(batch, people) different people, each uniformly; then one of each person's episodes uniformly
 * (`random`), or always the first one in the table (`first`, the preset notebook).
 */
export function episodeSampler(options: {
  episodes: EpisodeTable;
  batch: number;
  mode: "random" | "first";
}): (random: Randomness) => Int32Array {
  const { episodes, batch, mode } = options;
  if (!Number.isInteger(batch) || batch < 1) {
    throw usageError({ where: "size of a meta-batch", found: `${batch}`, expected: "1 or more" });
  }
  if (episodes.length === 0)
    throw usageError({ where: "episodes", found: "none", expected: "at least one to draw from" });
  const byPerson = new Map<number, number[]>();
  for (let episode = 0; episode < episodes.length; episode++) {
    const own = byPerson.get(episodes.user[episode]!);
    if (own) own.push(episode);
    else byPerson.set(episodes.user[episode]!, [episode]);
  }
  const people = [...byPerson.values()];
  const count = Math.min(batch, people.length);
  const inOrder = Int32Array.from(people, (_, i) => i);
  return (random) => {
    const generator = generatorOf(random);
    // Always from the same order: a draw depends only on the generator's state, not on earlier draws.
    const order = shuffle(inOrder.slice(), generator, count);
    return Int32Array.from({ length: count }, (_, i) => {
      const own = people[order[i]!]!;
      return mode === "first" ? own[0]! : own[uniformInt(generator, 0, own.length - 1)]!;
    });
  };
}
