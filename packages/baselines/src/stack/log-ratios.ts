import type { ItemEvidence } from "../counts/item-evidence.js";

/** Centres of 128 parts of [1, 2): 1/centre and log(centre). */
const inverse = Float64Array.from({ length: 128 }, (_, i) => 1 / (1 + (i + 0.5) / 128));
const logCentre = inverse.map((value) => -Math.log(value));

/** 2^−k of a number's exponent k, by its bits. */
const powers = Float64Array.from({ length: 2047 }, (_, bits) => 2 ** (1023 - bits));

/** Memory of `LogRatios` for `nItems` items, used again for each call. */
export class LogRatios {
  private readonly numbers: Float64Array;
  /** The numbers' bits: the lower half of each, then the upper one. */
  private readonly words: Int32Array;

  constructor(nItems: number) {
    this.numbers = new Float64Array(nItems);
    this.words = new Int32Array(this.numbers.buffer);
  }

  /**
   * scores += w·log(p/(r·p₀)) for the items of the evidence.
   *
   * The logarithm is that of `Math.log` up to 1e-15, in half of its time: x = 2^k·m with m in [1, 2), c the centre of m's part, and
   * log x = k·log 2 + log c + log(1 + t) with t = m/c − 1, |t| < 2⁻⁸, by its series. Tang 1990.
   *
   * @param inversePrior 1/p₀
   */
  add(scores: Float64Array, weight: number, evidence: ItemEvidence, inversePrior: Float64Array): void {
    const { numbers, words } = this;
    const { values, items, count, rest, ownItem } = evidence;
    const gain = evidence.gain / rest;
    const before = ownItem < 0 ? 0 : scores[ownItem]!;
    const back = evidence.replaces ? 0 : 1;
    for (let i = 0; i < count; i++) {
      const item = items[i]!;
      numbers[i] = back + gain * values[item]! * inversePrior[item]!;
    }
    // In another loop: the upper half of a number that was only just written would be waited for.
    for (let i = 0; i < count; i++) {
      const item = items[i]!;
      const upper = words[2 * i + 1]!;
      const exponent = upper >>> 20;
      const part = (upper >>> 13) & 127;
      const t = numbers[i]! * powers[exponent]! * inverse[part]! - 1;
      const t2 = t * t;
      const series = t + t2 * (-1 / 2 + t * (1 / 3) + t2 * (-1 / 4 + t * (1 / 5) + t2 * (-1 / 6 + t * (1 / 7))));
      scores[item] = scores[item]! + weight * ((exponent - 1023) * Math.LN2 + logCentre[part]! + series);
    }
    if (ownItem < 0) return;
    scores[ownItem] = before + weight * Math.log((evidence.ownProbability / rest) * inversePrior[ownItem]!);
  }
}
