import { intervalCaution, pairedDifference } from "@kshot/metrics";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { drawDifferences, populations } from "./populations.js";

/** What the table has: people across, a row for each population, number of seeds and share of the trainings. */
export const peopleOfTable = [20, 43, 162, 600];
export const rowsOfTable = populations.flatMap((population) =>
  [1, 3, 10].flatMap((seeds) =>
    (seeds === 1 ? [2 / 3] : [0, 2 / 3]).map((trainingShare) => ({ population, seeds, trainingShare })),
  ),
);

/**
 * How often the interval covers, over so many draws of people and trainings.
 *
 * The true value of an interval over people and seeds is the mean of the population. With one seed the interval does not include
 * training noise: its true value is the mean of this one training over all existing people; `ofPopulation` counts the mean of the
 * population in addition.
 *
 * @returns shares: `covered` of all draws, `safe` of those without a caution (null below 100 of them), `cautioned` of all draws
 */
export function coverageOf({ population, seeds, trainingShare, people }, { simulations, resamples, seed }) {
  const random = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(random);
  const count = { covered: 0, safe: 0, safeCovered: 0, ofPopulation: 0 };
  for (let simulation = 0; simulation < simulations; simulation++) {
    const drawn = drawDifferences(population, { people, seeds, trainingShare }, uniform);
    const method = drawn.differences.map((values) => Array.from(values));
    const found = pairedDifference({ method, reference: [method[0].map(() => 0)] }, random, { resamples });
    const holds = (truth) => found.low <= truth && truth <= found.high;
    const covered = holds(seeds === 1 ? drawn.ofTheseTrainings : population.mean);
    if (covered) count.covered++;
    if (holds(population.mean)) count.ofPopulation++;
    if (intervalCaution(found) !== null) continue;
    count.safe++;
    if (covered) count.safeCovered++;
  }
  return {
    covered: count.covered / simulations,
    safe: count.safe < 100 ? null : count.safeCovered / count.safe,
    cautioned: 1 - count.safe / simulations,
    ofPopulation: count.ofPopulation / simulations,
  };
}

const percent = (share) => (100 * share).toFixed(1);

/** One cell: coverage of intervals without a caution; in brackets that of all, and how many have a caution. */
export function cellOf({ covered, safe, cautioned }) {
  if (safe === null) return `(${percent(covered)}, warned)`;
  return cautioned === 0
    ? percent(safe)
    : `${percent(safe)} (${percent(covered)}, ${(100 * cautioned).toFixed(0)} % warned)`;
}

/** The table as Markdown. */
export function coverageTable(settings, onCell = () => {}) {
  const head = ["Population", "seeds", "trainings' share", ...peopleOfTable.map((people) => `${people} people`)];
  const alone = [];
  const rows = rowsOfTable.map(({ population, seeds, trainingShare }, row) => {
    const cells = peopleOfTable.map((people, column) => {
      const cell = coverageOf(
        { population, seeds, trainingShare, people },
        { ...settings, seed: settings.seed + 100 * row + column },
      );
      if (seeds === 1) alone.push(percent(cell.ofPopulation));
      onCell(population.name, seeds, people);
      return cellOf(cell);
    });
    const share = seeds === 1 ? "left out" : trainingShare === 0 ? "0" : "2/3";
    return [population.name, `${seeds}`, share, ...cells];
  });
  const leftOut = populations.map((population, i) => [
    population.name,
    ...alone.slice(i * peopleOfTable.length, (i + 1) * peopleOfTable.length),
  ]);
  return {
    coverage: markdown([head, ...rows]),
    leftOut: markdown([["Population", ...peopleOfTable.map((people) => `${people} people`)], ...leftOut]),
  };
}

export function markdown([head, ...rows]) {
  const widths = head.map((_, i) => Math.max(3, ...[head, ...rows].map((row) => row[i].length)));
  const line = (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)].join("\n");
}
