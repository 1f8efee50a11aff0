import { apply, Target, Use } from "./target";

/** Hands a vector that is already summed to `target`: the compact embedding rows. A multiple of 16 bytes. */
export function applyVector(target: Target, sums: usize, bytes: usize): void {
  switch (target.use) {
    case Use.Store:
      return each(Use.Store, target, sums, bytes);
    case Use.Step:
      return each(Use.Step, target, sums, bytes);
    case Use.Adapt:
      return each(Use.Adapt, target, sums, bytes);
    case Use.Start:
      return each(Use.Start, target, sums, bytes);
    case Use.Middle:
      return each(Use.Middle, target, sums, bytes);
    default:
      return each(Use.Last, target, sums, bytes);
  }
}

@inline
function each(use: Use, t: Target, sums: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    apply(use, t.out, t.theta, t.alpha, t.thetaNext, t.g, t.v, t.u, t.dAlpha, t.dTheta, at, v128.load(sums + at));
  }
}
