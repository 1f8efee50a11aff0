import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { Points } from "./mlp-engine.js";

/** A curve: y = amplitude · sin(x − phase). */
export interface Sinusoid {
  /** In [0.1, 5). */
  readonly amplitude: number;
  /** In [0, π). */
  readonly phase: number;
}

/** Draws a curve. Finn et al. 2017, section 5.1. */
export function drawSinusoid(random: RandomGenerator): Sinusoid {
  return { amplitude: uniform(random, 0.1, 5), phase: uniform(random, 0, Math.PI) };
}

/** Draws points of a curve, x uniform in [−5, 5). */
export function drawPoints({ amplitude, phase }: Sinusoid, count: number, random: RandomGenerator): Points {
  const x = Array.from({ length: count }, () => uniform(random, -5, 5));
  return { x, y: x.map((at) => amplitude * Math.sin(at - phase)) };
}

export function uniform(random: RandomGenerator, low: number, high: number): number {
  return low + (high - low) * uniformFloat64(random);
}
