import { Adapt, apply, Last, Middle, Start, Step, Store, Target, Use } from "./target";

/** Applies `target` to a vector that is already summed: the compact embedding rows. A multiple of 16 bytes. */
export function applyVector(target: Target, sums: usize, bytes: usize): void {
  switch (target.use) {
    case Use.Store:
      return each<Store>(target, sums, bytes);
    case Use.Step:
      return each<Step>(target, sums, bytes);
    case Use.Adapt:
      return each<Adapt>(target, sums, bytes);
    case Use.Start:
      return each<Start>(target, sums, bytes);
    case Use.Middle:
      return each<Middle>(target, sums, bytes);
    default:
      return each<Last>(target, sums, bytes);
  }
}

function each<U>(t: Target, sums: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    apply<U>(t.out, t.theta, t.alpha, t.thetaNext, t.g, t.v, t.u, t.dAlpha, t.dTheta, at, v128.load(sums + at));
  }
}
