// Time to train and to recommend of every counting method, of the mixture, of a network and of a hybrid, by number of items, as a Markdown
// table: node tooling/bench/methods.js [--items 343,3321,33210] [--pairs 50000]. People walk through the items forwards with jumps,
// items are of Zipf popularity. A recommendation is the scores of all items for one query after five support pairs; network and hybrid
// are timed in turn; hybrid-5 has an ensemble of four more networks, and is timed in turn with the five networks alone. Times are processor time, so that other work on the machine changes them little. Memory is the largest resident size of a
// separate process.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { countModelKind, countModelKinds, fitExperts, fitMixture, openMixture } from "@kshot/baselines";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { randomStream } from "@kshot/metrics";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { createSimdEngine } from "../../packages/gru-simd/dist/index.js";
import { adaptedScores, ensembleScores, stackedScores } from "../../packages/recommend/dist/index.js";

const { values: options } = parseArgs({
  options: {
    items: { type: "string", default: "343,3321,33210" },
    pairs: { type: "string", default: "50000" },
    method: { type: "string" },
  },
});
const pairsWanted = Number(options.pairs);
const asked = 40;
const rounds = 20;

if (options.method !== undefined) {
  process.stdout.write(JSON.stringify(await measured(options.method, Number(options.items))));
} else {
  const sizes = options.items.split(",").map(Number);
  const rows = [["method", ...sizes.flatMap((n) => [`${n} items: train`, "recommend", "memory"])]];
  for (const method of [...Object.keys(countModelKinds), "mixture", "network", "hybrid", "hybrid-5"]) {
    const cells = sizes.flatMap((n) => {
      const own = ["--items", `${n}`, "--pairs", `${pairsWanted}`, "--method", method];
      const done = spawnSync(process.execPath, [fileURLToPath(import.meta.url), ...own], { encoding: "utf8" });
      if (done.status !== 0) throw new Error(done.stderr);
      const { trainSeconds, recommendMs, megabytes, ratio } = JSON.parse(done.stdout);
      return [
        trainSeconds === null ? "" : `${trainSeconds.toFixed(2)} s`,
        `${recommendMs.toFixed(2)} ms${ratio === undefined ? "" : ` (${ratio.toFixed(2)} × its networks)`}`,
        `${megabytes.toFixed(0)} MB`,
      ];
    });
    rows.push([method, ...cells]);
    process.stderr.write(`${method} done\n`);
  }
  const line = (cells) => `| ${cells.join(" | ")} |\n`;
  process.stdout.write(
    `${pairsWanted} train pairs, mean of ${asked} people, ${rounds} rounds, node ${process.versions.node}.\n\n`,
  );
  process.stdout.write(line(rows[0]) + line(rows[0].map(() => "---")) + rows.slice(1).map(line).join(""));
}

/** One method on one number of items. */
async function measured(method, nItems) {
  const walks = walksOf(nItems, pairsWanted, "train");
  const train = tableOf(walks);
  const people = walksOf(nItems, asked * 15, "people").map((walk) => ({
    support: { sequences: walk.slice(1, 6).map((_, i) => walk.slice(0, i + 1)), labels: walk.slice(1, 6) },
    query: walk.slice(0, 7),
    label: walk[7],
  }));
  const memory = () => process.resourceUsage().maxRSS / 1024;
  const result = (trainSeconds, [recommendMs], more = {}) => ({
    ...{ trainSeconds, recommendMs, megabytes: memory() },
    ...more,
  });
  const begun = process.cpuUsage();
  const trained = () => microseconds(begun) / 1e6;
  if (method in countModelKinds) {
    const countModel = countModelKind(method).fit(train, nItems);
    const seconds = trained();
    return result(seconds, await inTurn(people, ({ query, support }) => countModel.scores(query, support)));
  }
  const shape = gruConfig({ nItems });
  const engine = method === "mixture" ? undefined : await createSimdEngine({ config: shape, workers: 1 });
  const theta = engine && initialParameters(shape, randomStream(1, "initial"));
  const ensemble =
    method === "hybrid-5" ? [2, 3, 4, 5].map((seed) => initialParameters(shape, randomStream(seed, "initial"))) : [];
  const network = { engine, theta, alpha: null, steps: 0, ensemble };
  const read = ({ query, support }) => ({ support, query: { sequences: [query], labels: [0] } });
  const logits = async (person) => {
    await adaptedScores(network, [read(person)], [0]);
    if (ensemble.length > 0) await ensembleScores(engine, ensemble, [read(person).query]);
  };
  if (method === "network") return result(null, await inTurn(people, logits));
  const experts = fitExperts(train, nItems);
  const validation = people.map(({ query, support, label }) => ({ query, support, label }));
  const { mixture } = fitMixture(experts, validation, { mostItems: 1000, random: randomStream(1, "normaliser") });
  const seconds = trained();
  if (engine === undefined)
    return result(seconds, await inTurn(people, ({ query, support }) => mixture.scores(query, support)));
  // The network as one more expert; its weight changes nothing about the time.
  const { experts: names, weights, repeats } = mixture.stack;
  const stack = openMixture("hybrid", experts, {
    ...{ experts: [...names, "gru", ...(ensemble.length > 0 ? ["ensemble"] : [])], repeats },
    weights: [
      ...weights.slice(0, names.length),
      ...[0.3, 0.4].slice(0, ensemble.length > 0 ? 2 : 1),
      ...weights.slice(names.length),
    ],
  });
  const hybrid = (person) => stackedScores(stack, network, [{ ...read(person), read: read(person) }]);
  const [own, alone] = await inTurn(people, hybrid, logits);
  return result(seconds, [own], { ratio: own / alone });
}

/** Milliseconds of processor time that each of some works takes for a person: rounds over all people in turn, the first not counted. */
async function inTurn(people, ...works) {
  const sums = works.map(() => 0);
  for (let round = 0; round <= rounds; round++) {
    for (const [w, work] of works.entries()) {
      const start = process.cpuUsage();
      for (const person of people) await work(person);
      if (round > 0) sums[w] += microseconds(start) / 1000;
    }
  }
  return sums.map((sum) => sum / (rounds * people.length));
}

/** Processor time since then. */
function microseconds(since) {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}

/** Sessions of 15 items with `pairs` pairs in all. */
function walksOf(nItems, pairs, name) {
  const random = randomStream(1, name);
  const zipf = () => Math.min(nItems - 1, Math.floor(nItems ** uniformFloat64(random)) - 1);
  return Array.from({ length: Math.ceil(pairs / 14) }, () => {
    const walk = [zipf()];
    while (walk.length < 15) {
      const next = uniformFloat64(random) < 0.5 ? (walk.at(-1) + 1 + (zipf() % 5)) % nItems : zipf();
      if (next !== walk.at(-1)) walk.push(next);
    }
    return walk;
  });
}

/** All pairs of the walks, one person and two sessions for each two walks. */
function tableOf(walks) {
  const sizes = walks.flatMap((walk) => walk.slice(1).map((_, i) => i + 1));
  const offsets = new Int32Array(sizes.length + 1);
  sizes.forEach((size, i) => {
    offsets[i + 1] = offsets[i] + size;
  });
  const session = Int32Array.from(walks.flatMap((walk, s) => walk.slice(1).map(() => s)));
  return {
    length: sizes.length,
    pairId: Int32Array.from(sizes.keys()),
    users: Array.from({ length: Math.ceil(walks.length / 2) }, (_, p) => `p${p}`),
    user: session.map((s) => s >> 1),
    sessions: walks.map((_, s) => `s${s}`),
    session,
    prefixOffsets: offsets,
    prefixItems: Int32Array.from(walks.flatMap((walk) => walk.slice(1).flatMap((_, i) => walk.slice(0, i + 1)))),
    label: Int32Array.from(walks.flatMap((walk) => walk.slice(1))),
    labelTime: Float64Array.from(sizes.keys(), (i) => 60 * i),
  };
}
