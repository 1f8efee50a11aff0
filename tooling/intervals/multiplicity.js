import { holm, pairedPValues } from "@kshot/metrics";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { markdown } from "./coverage.js";
import { normal } from "./populations.js";

const methods = 7;
const windows = 2;
const metrics = 5;

/**
 * How often at least one of many differences is called clear although there is none: 7 methods against one reference, in 2
 * windows and 5 metrics. A person's difference has a part of the reference (in all methods), of the method (in its metrics), and
 * a separate part; each training of a method adds an effect of the size of the people's noise.
 *
 * @returns shares of draws with a false "clear" at .05: without correction, with Holm's over the methods of one metric and window, and
 *   over the whole family
 */
export function multiplicityOf({ people, seeds }, { simulations, permutations, seed }) {
  const random = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(random);
  const count = { none: 0, ofMethods: 0, ofFamily: 0 };
  for (let simulation = 0; simulation < simulations; simulation++) {
    const all = Array.from({ length: windows }, () => windowOf({ people, seeds }, uniform));
    const p = all.map((differences) => pairedPValues(differences, random, { permutations }));
    const any = (values) => values.some((value) => value <= 0.05);
    const ofMethods = p.flatMap((own) =>
      Array.from({ length: metrics }, (_, metric) => holm(own.filter((_, i) => i % metrics === metric))),
    );
    if (any(p.flat())) count.none++;
    if (any(ofMethods.flat())) count.ofMethods++;
    if (any(holm(p.flat()))) count.ofFamily++;
  }
  const share = (n) => n / simulations;
  return { none: share(count.none), ofMethods: share(count.ofMethods), ofFamily: share(count.ofFamily) };
}

/** All differences of one window, method by method, metric by metric. */
function windowOf({ people, seeds }, uniform) {
  const draws = (n) => Array.from({ length: n }, () => normal(uniform));
  const ofReference = draws(people);
  return Array.from({ length: methods }, () => {
    const own = draws(people);
    const trainings = draws(seeds).map((effect) => (seeds === 1 ? 0 : effect / Math.sqrt(people)));
    return Array.from({ length: metrics }, () => {
      const method = trainings.map((effect) => {
        const noise = draws(people);
        return ofReference.map((value, p) => effect + value + own[p] + 0.5 * noise[p]);
      });
      return { method, reference: [ofReference.map(() => 0)] };
    });
  }).flat();
}

/** The table as Markdown. */
export function multiplicityTable(settings, onCell = () => {}) {
  const cases = [
    { people: 43, seeds: 1 },
    { people: 43, seeds: 3 },
    { people: 162, seeds: 1 },
    { people: 162, seeds: 3 },
  ];
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  const rows = cases.map((one, i) => {
    const found = multiplicityOf(one, { ...settings, seed: settings.seed + i });
    onCell("multiplicity", one.seeds, one.people);
    const cells = [found.none, found.ofMethods, found.ofFamily].map(percent);
    return [`${one.people}`, `${one.seeds}`, ...cells];
  });
  const head = ["people", "seeds", "no correction", "Holm over 7 methods", "Holm over all 70"];
  return markdown([head, ...rows]);
}
