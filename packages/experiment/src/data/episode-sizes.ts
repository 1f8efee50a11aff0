import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { usageError } from "@kshot/contract";

/** Support and query pairs per episode. */
export interface EpisodeSize {
  readonly k: number;
  readonly q: number;
}

/** The default sizes of a configuration. */
const standard: EpisodeSize = { k: 5, q: 10 };

/**
 * K and Q to train with on a data folder: those of its train episodes, `episodes/episodes_train_K<K>_Q<Q>.parquet`.
 *
 * @param directory the data folder
 * @param asked the requested sizes; missing ones are taken from the folder
 * @returns the requested sizes if both are given; else the only size that fits, or K = 5 and Q = 10 among several; if none fits, the
 *   requested one with the other that all episodes of the folder have
 * @throws `USAGE` if several sizes fit and none of them is K = 5, Q = 10
 */
export async function episodeSize(directory: string, asked: Partial<EpisodeSize>): Promise<Partial<EpisodeSize>> {
  if (asked.k !== undefined && asked.q !== undefined) return asked;
  const sizes = await episodeSizes(directory);
  const fitting = sizes.filter(
    ({ k, q }) => (asked.k === undefined || asked.k === k) && (asked.q === undefined || asked.q === q),
  );
  const [only] = fitting;
  if (only === undefined) return { ...common(sizes), ...asked };
  if (fitting.length === 1) return only;
  const usual = fitting.find(({ k, q }) => k === standard.k && q === standard.q);
  if (usual !== undefined) return usual;
  throw usageError({
    where: directory,
    found: `episodes of several sizes, ${fitting.map(({ k, q }) => `K = ${k} with Q = ${q}`).join(", ")}`,
    expected: "one of them, by --k and --q",
  });
}

/** K and Q that all sizes have in common. */
function common(sizes: readonly EpisodeSize[]): Partial<EpisodeSize> {
  const [first] = sizes;
  if (first === undefined) return {};
  const { k, q } = first;
  return {
    ...(sizes.every((size) => size.k === k) && { k }),
    ...(sizes.every((size) => size.q === q) && { q }),
  };
}

/** The sizes of a folder's train episodes, smallest first; none for a missing folder. */
export async function episodeSizes(directory: string): Promise<EpisodeSize[]> {
  const names = await readdir(join(directory, "episodes")).catch(() => []);
  return names
    .flatMap((name) => {
      const [, k, q] = /^episodes_train_K(\d+)_Q(\d+)\.parquet$/.exec(name) ?? [];
      return k === undefined || q === undefined ? [] : [{ k: Number(k), q: Number(q) }];
    })
    .sort((a, b) => a.k - b.k || a.q - b.q);
}
