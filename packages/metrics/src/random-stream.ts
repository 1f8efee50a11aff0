import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/**
 * An independent stream of random numbers for one purpose: the same seed and name give the same numbers, and a draw from
 * one stream never shifts another. The name is mixed into the seed by FNV-1a and a finaliser (32 bits).
 */
export function randomStream(seed: number, name: string): RandomGenerator {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return xoroshiro128plus((hash ^ (hash >>> 16)) | 0);
}
