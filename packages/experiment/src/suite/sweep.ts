import { isRecord, usageError } from "@kshot/contract";
import type { Config, Suite } from "@kshot/contract/schemas";
import { randomStream } from "@kshot/metrics";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mergeSettings, type Settings } from "../config/index.js";

/** Largest number of tries of one sweep. */
const mostTries = 10_000;

type Values = NonNullable<Suite["sweep"]>[string];

/**
 * The settings of each try of a suite's sweep: every combination of its lists, the last setting changing fastest, or `draws`
 * random draws. A draw depends only on `draw_seed`, its number and the setting's name: more draws do not change the first ones.
 *
 * @returns empty if the suite has no sweep
 * @throws `USAGE` for ranges without `draws`, draws or halving without a sweep, and too many tries.
 */
export function sweptSettings({ sweep, draws, draw_seed = 1, halving }: Suite): Settings[] {
  if (sweep === undefined || Object.keys(sweep).length === 0) {
    if (draws === undefined && halving === undefined) return [];
    throw usageError({
      where: "suite, sweep",
      found: "none",
      expected: "settings to try, in addition to draws and halving",
    });
  }
  const entries = Object.entries(sweep);
  if (draws !== undefined) {
    return Array.from({ length: draws }, (_, i) =>
      entries
        .map(([name, values]) => settingsAt(name, drawn(values, unit(draw_seed, name, i))))
        .reduce(mergeSettings, {}),
    );
  }
  let tries: Settings[] = [{}];
  for (const [name, values] of entries) {
    if (!Array.isArray(values)) {
      throw usageError({
        where: `suite, sweep, ${name}`,
        found: `the range ${JSON.stringify(values)}, without draws`,
        expected: "a list of values, or draws: the number of random tries",
      });
    }
    tries = tries.flatMap((settings) => values.map((value) => mergeSettings(settings, settingsAt(name, value))));
    if (tries.length > mostTries) {
      throw usageError({
        where: "suite, sweep",
        found: `more than ${mostTries} combinations`,
        expected: "fewer values, or draws",
      });
    }
  }
  return tries;
}

/** One value as settings: `metasgd_config.order` and 1 give `{ metasgd_config: { order: 1 } }`. */
export function settingsAt(name: string, value: unknown): Settings {
  return name.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Settings;
}

/** Uniform in [0, 1). */
function unit(seed: number, name: string, draw: number): number {
  return uniformFloat64(randomStream(seed, `sweep/${name}/${draw}`));
}

function drawn(values: Values, u: number): unknown {
  if (Array.isArray(values)) return values[Math.floor(u * values.length)];
  if ("uniform" in values) return values.uniform[0] + u * (values.uniform[1] - values.uniform[0]);
  if ("whole" in values) return values.whole[0] + Math.floor(u * (values.whole[1] - values.whole[0] + 1));
  const [low, high] = values.log;
  // Nine digits: the last bits of a logarithm differ between machines.
  return Number((low * (high / low) ** u).toPrecision(9));
}

/** One rung of successive halving: a number of tries, with these settings over their own. */
export interface Rung {
  readonly tries: number;
  readonly settings: Settings;
}

/**
 * Successive halving (Jamieson and Talwalkar 2016): in rung r the ⌈n/ηʳ⌉ best tries train with b·ηʳ of the setting, b = `from`,
 * η = `factor`, until one is left or the full setting is reached, with which the last rung trains.
 *
 * @param n - tries at the start
 * @throws `USAGE` for a setting that is not an integer, or is below `from`.
 */
export function rungs(n: number, { setting, from, factor }: NonNullable<Suite["halving"]>, config: Config): Rung[] {
  const full = setting.split(".").reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), config);
  if (typeof full !== "number" || !Number.isInteger(full) || full < from) {
    throw usageError({
      where: "suite, halving",
      found: `from ${from} of ${setting}, which is ${String(full)}`,
      expected: "a setting with an integer, and a smaller value to start with",
    });
  }
  const found: Rung[] = [];
  for (let tries = n, budget = from; ; tries = Math.ceil(tries / factor), budget *= factor) {
    const last = tries === 1 || budget >= full;
    found.push({ tries, settings: settingsAt(setting, last ? full : budget) });
    if (last) return found;
  }
}
