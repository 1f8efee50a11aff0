/**
 * Populations of people for simulations of intervals: how a person's difference between two methods is drawn. Each has mean
 * `mean`, and `share` of the people differ at all.
 */

/** @typedef {{ name: string, mean: number, deviation: number, share: number, draw: (uniform: () => number) => number }} Population */

/** A standard normal number. */
export function normal(uniform) {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/**
 * People who differ gain up to 1 (seven of ten) or lose up to 1; the others have exactly 0, as when a ranking's first item does
 * not change.
 */
function fewDiffer(name, share) {
  return {
    ...{ name, share, mean: share * 0.2, deviation: Math.sqrt(share / 3 - (share * 0.2) ** 2) },
    draw: (uniform) => (uniform() >= share ? 0 : uniform() < 0.7 ? uniform() : -uniform()),
  };
}

/** @type {readonly Population[]} */
export const populations = [
  { name: "all people differ (normal)", share: 1, mean: 0.2, deviation: 1, draw: (uniform) => 0.2 + normal(uniform) },
  {
    name: "skewed (exponential)",
    ...{ share: 1, mean: 1, deviation: 1, draw: (uniform) => -Math.log(1 - uniform()) },
  },
  fewDiffer("4 in 10 differ", 0.4),
  fewDiffer("1 in 10 differs", 0.1),
  fewDiffer("1 in 30 differs", 1 / 30),
];

/**
 * Differences of people under trainings: D_ps = person + noise of person and training + effect of the training. A person without
 * difference has 0 under every training.
 *
 * @param trainingShare share of the variance of the mean that comes from trainings, in [0, 1), with one training
 * @returns differences `[seeds][people]`, and the mean of these trainings over all existing people
 */
export function drawDifferences(population, { people, seeds, trainingShare }, uniform) {
  const within = 0.5 * population.deviation;
  const ofMean = (population.deviation ** 2 + population.share * within ** 2) / people;
  const between = Math.sqrt((trainingShare / (1 - trainingShare)) * ofMean) / population.share;
  const persons = Float64Array.from({ length: people }, () => population.draw(uniform));
  const effects = Array.from({ length: seeds }, () => between * normal(uniform));
  const differences = effects.map((effect) =>
    persons.map((own) => (own === 0 ? 0 : own + within * normal(uniform) + effect)),
  );
  const effect = effects.reduce((sum, one) => sum + one, 0) / seeds;
  return { differences, ofTheseTrainings: population.mean + population.share * effect };
}
