import { generatorOf, type Randomness } from "@kshot/contract/random";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { GruConfig } from "./config.js";
import { gruParameterLayout } from "./layout.js";

/**
 * Random starting parameters, distributed as PyTorch's: embedding N(0, 1); GRU and output layer uniform in ±1/√hiddenDim.
 *
 * Every item trains: no embedding row is set to zero. A generator is advanced.
 *
 * @param random a seed, or a generator of `pure-rand`
 * @returns a vector in the order of `gruParameterLayout`. Source: `nn.Embedding`, `nn.GRU`, `nn.Linear`.
 * @example
 * ```js
 * import { gruConfig, initialParameters } from "@kshot/gru-layout";
 *
 * const theta = initialParameters(gruConfig({ nItems: 343 }), 42);
 * console.log(theta.length); // 140695
 * ```
 */
export function initialParameters(config: GruConfig, random: Randomness): Float32Array {
  const generator = generatorOf(random);
  const layout = gruParameterLayout(config);
  const bound = 1 / Math.sqrt(config.hiddenDim);
  const parameters = new Float32Array(layout.size);
  for (const { name, offset, size } of layout.tensors) {
    const values = parameters.subarray(offset, offset + size);
    if (name === "embedding.weight") fillStandardNormal(values, generator);
    else for (let i = 0; i < size; i++) values[i] = (2 * uniformFloat64(generator) - 1) * bound;
  }
  return parameters;
}

/** Fills with independent N(0, 1) values, two from each pair of uniform ones: √(−2 ln u)·(cos 2πv, sin 2πv) (Box, Muller 1958). */
function fillStandardNormal(values: Float32Array, random: RandomGenerator): void {
  for (let i = 0; i < values.length; i += 2) {
    // u in (0, 1] excludes the logarithm of 0.
    const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(random)));
    const angle = 2 * Math.PI * uniformFloat64(random);
    values[i] = radius * Math.cos(angle);
    if (i + 1 < values.length) values[i + 1] = radius * Math.sin(angle);
  }
}
