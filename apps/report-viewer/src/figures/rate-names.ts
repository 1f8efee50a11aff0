import { tensorDefinition } from "../model/definitions.js";

const gates: Readonly<Record<string, string>> = {
  r: "gate r (reset) scales the state",
  z: "gate z (update) keeps the state",
  n: "gate n is the new candidate state",
};

/** The role of a tensor, or of a gate's part of one: lines of a tip. */
export function rateMeaning(name: string): string[] {
  const gate = / ([rzn]) \(/.exec(name)?.[1];
  const tensor = tensorDefinition(name) ?? tensorDefinition(`gru.${name}`);
  return [tensor, gate === undefined ? undefined : gates[gate]].filter((line) => line !== undefined);
}

/** A gate's name, short enough for the label of its histogram: "weight_ih_l0, r (reset)" is "W_ih · reset". */
export function shortRateName(name: string): string {
  const [, kind, between, layer, gate] = /^(weight|bias)_(ih|hh)_l(\d+), \w \((\w+)\)$/.exec(name) ?? [];
  if (gate === undefined) return name;
  return `${kind === "weight" ? "W" : "b"}_${between}${layer === "0" ? "" : layer} · ${gate}`;
}
