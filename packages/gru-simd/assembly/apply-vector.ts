import { applyByUse, Target } from "./target";

/** Applies `target` to a vector that is already summed: the compact embedding rows. A multiple of 16 bytes. */
export function applyVector(target: Target, sums: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) applyByUse(target, at, v128.load(sums + at));
}
