import type { Engine } from "./engine.js";

/** Whether an engine's fused steps can be used: inner gradients have no limit, or the engine clips them. */
export function fusedStepsFit(
  { clipsInnerGradients }: Pick<Engine<never>, "clipsInnerGradients">,
  innerClip: number | undefined,
): boolean {
  return innerClip === undefined || clipsInnerGradients === true;
}
