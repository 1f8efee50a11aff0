import { Adapt, Add, apply, Last, Middle, Start, Step, Store, Target, Use } from "./target";

/** Applies `target`, from byte `offset` of its vectors on, to a vector that is already summed: embedding rows, biases. A multiple of 16 bytes. */
export function applyVector(target: Target, offset: usize, sums: usize, bytes: usize): void {
  switch (target.use) {
    case Use.Store:
      return each<Store>(target, offset, sums, bytes);
    case Use.Add:
      return each<Add>(target, offset, sums, bytes);
    case Use.Step:
      return each<Step>(target, offset, sums, bytes);
    case Use.Adapt:
      return each<Adapt>(target, offset, sums, bytes);
    case Use.Start:
      return each<Start>(target, offset, sums, bytes);
    case Use.Middle:
      return each<Middle>(target, offset, sums, bytes);
    default:
      return each<Last>(target, offset, sums, bytes);
  }
}

function each<U>(target: Target, offset: usize, sums: usize, bytes: usize): void {
  // Read once: see `panels`.
  const out = target.out + offset;
  const theta = target.theta + offset;
  const alpha = target.alpha + offset;
  const thetaNext = target.thetaNext + offset;
  const g = target.g + offset;
  const v = target.v + offset;
  const u = target.u + offset;
  const dAlpha = target.dAlpha + offset;
  const dTheta = target.dTheta + offset;
  for (let at: usize = 0; at < bytes; at += 16) {
    apply<U>(out, theta, alpha, thetaNext, g, v, u, dAlpha, dTheta, at, v128.load(sums + at));
  }
}
