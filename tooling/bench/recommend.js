/**
 * Time of one recommendation by each model of a finished run, through `openRecommender`, as a Markdown table: models in turn, processor time,
 * median over the last three quarters of the rounds, of the mean over people. A person has a session of three clicks and an open one of seven, on items of the model.
 *
 *   node tooling/bench/recommend.js [--models gru,hybrid] [--people 40] [--rounds 100] RUN…
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { randomStream } from "@kshot/metrics";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { openRecommender } from "../../packages/recommend/dist/index.js";
import { median } from "./median.js";

const { values, positionals: runs } = parseArgs({
  options: {
    models: { type: "string", default: "mixture,gru,grucontext,metasgd,hybrid" },
    people: { type: "string", default: "40" },
    rounds: { type: "string", default: "100" },
  },
  allowPositionals: true,
});
if (runs.length === 0) throw new Error("no run. Expected one or more run folders, as in kshot-runs/reports");

for (const run of runs) {
  const files = values.models.split(",").flatMap((name) => {
    const folder = join(run, "models", name);
    const found = existsSync(folder) ? readdirSync(folder) : [];
    return found.filter((file) => /_K\d+\.safetensors$/.test(file)).map((file) => [name, join(folder, file)]);
  });
  const models = await Promise.all(
    files.map(async ([name, file]) => ({ name, model: await openRecommender(file), times: [] })),
  );
  if (models.length === 0)
    throw new Error(`${run}: no model of ${values.models}. Expected the folder of a finished run`);
  const people = peopleOn(models[0].model.items, Number(values.people));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const { model, times } of models) {
      const start = process.cpuUsage();
      for (const person of people) await model.recommend(person);
      const { user, system } = process.cpuUsage(start);
      times.push((user + system) / 1000 / people.length);
    }
  }
  const figures = [];
  for (const { name, model, times } of models) {
    const { adapted } = await model.recommend(people[0]);
    figures.push({ name, steps: adapted.steps, ms: median(times.slice(times.length >> 2)) });
    model.close();
  }
  const gru = figures.find(({ name }) => name === "gru")?.ms;
  process.stdout.write(
    `\n${models[0].model.items.length} items, ${people.length} people, ${values.rounds} rounds, node ${process.versions.node}\n\n`,
  );
  process.stdout.write(
    "| model | inner steps | a recommendation | over the plain GRU |\n| --- | ---: | ---: | ---: |\n",
  );
  for (const { name, steps, ms } of figures) {
    process.stdout.write(
      `| ${name} | ${steps} | ${ms.toFixed(3)} ms | ${gru === undefined ? "" : (ms / gru).toFixed(2)} |\n`,
    );
  }
}

/** Histories on items of the model, frequent numbers more often. */
function peopleOn(items, count) {
  const random = randomStream(1, "people");
  const item = () => items[Math.floor(items.length * uniformFloat64(random) ** 2)];
  return Array.from({ length: count }, () => [3, 7].map((clicks) => Array.from({ length: clicks }, item)));
}
