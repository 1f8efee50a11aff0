#!/usr/bin/env node
/**
 * Ranks of the counting methods and of their mixture, compared with those of an independent program (`tooling/src/reference`), on every test
 * pair of a data folder:
 *
 *   node tooling/study/ranks.js --data DIR [--k 5] [--q 10] [--methods stan,mixture] [--first N]
 *
 * Support pairs are a person's first K pairs, or all pairs before the query. Methods have their default options. The mixture's weights are
 * fitted on up to 1,000 validation pairs; both programs have the same weights. `equal` counts queries whose label has the same number
 * of items above it and tied with it, both programs' probabilities rounded to float32. At the others, the difference is that between
 * the label's score and the score of an item which the two programs put on different sides of it or tie with it, in proportion, in the
 * independent program's float64. `equal in float64` counts both programs' float64 probabilities, equal within 1e-12.
 */
import { parseArgs } from "node:util";
import { countModelKind, fitExperts, fitMixture } from "@kshot/baselines";
import { pairsAt, readDataFolder, rowsByPerson } from "@kshot/episodes";
import { randomStream } from "@kshot/metrics";
import { buildSync } from "esbuild";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    k: { type: "string", default: "5" },
    q: { type: "string", default: "10" },
    methods: {
      type: "string",
      default: "variable-markov,sequential-rules,sequence-knn,v-sknn,stan,ease,cross-session-pmi,mixture",
    },
    first: { type: "string", default: "Infinity" },
  },
});
if (values.data === undefined) throw new Error("Give a prepared data folder: --data DIR");
const k = Number(values.k);
const plain = await reference("count-models");
const { plainCrossSessionPmi, plainHistory, plainStack } = await reference("mixture");

const { items, train, val, test } = await readDataFolder(values.data, { k, q: Number(values.q) });
const nItems = items.length;
const rows = Array.from({ length: train.pairs.length }, (_, row) => row);
const prefixes = pairsAt(train.pairs, Int32Array.from(rows)).sequences;
const data = {
  nItems,
  pairs: rows.map((row) => ({
    user: train.pairs.user[row],
    session: train.pairs.session[row],
    time: train.pairs.labelTime[row],
    prefix: Array.from(prefixes[row]),
    label: train.pairs.label[row],
  })),
};
const repeats = data.pairs.some(({ prefix, label }) => prefix.at(-1) === label);
const asked = queriesOf(test.pairs).slice(0, Number(values.first));

const optionsOf = (name) => countModelKind(name).defaults;
/** The independent program of each method: probabilities of all items for a query and its history by sessions. */
const programs = {
  popularity: () => {
    const p0 = plain.plainPrior(data);
    return () => p0;
  },
  "variable-markov": ({ orders, first, higher }) => plain.plainVariableMarkov(data, orders, first, higher),
  "sequential-rules": ({ last, steps, backOff }) => plain.plainSequentialRules(data, last, steps, backOff),
  "sequence-knn": ({ neighbours, decay, backOff }) => plain.plainSequenceKnn(data, neighbours, decay, backOff),
  "v-sknn": ({ neighbours, sampled, idfWeight, backOff }) =>
    plain.plainVSknn(data, neighbours, sampled, idfWeight, backOff),
  stan: ({ backOff, ...options }) => plain.plainStan(data, { ...options, mu: backOff }),
  ease: ({ lambda, sharpness, most }) => plain.plainEase(data, lambda, sharpness, most),
  "cross-session-pmi": ({ latest, kappa, sharpness }) => {
    const pmi = plainCrossSessionPmi(data, latest, kappa, sharpness);
    return (_query, _all, sessions) => pmi(sessions.slice(0, -1).flat());
  },
};
const programOf = (name, options) => {
  const score = programs[name]({ ...optionsOf(name), ...options });
  return (query, sessions) => score(query, sessions.flat(), sessions);
};

process.stdout.write(
  `${values.data}: ${asked.length} test pairs, ${nItems} items, ${data.pairs.length} train pairs\n\n`,
);
process.stdout.write("| method | queries | equal | different | largest difference there | equal in float64 |\n");
process.stdout.write("| --- | ---: | ---: | ---: | ---: | ---: |\n");
for (const name of values.methods.split(",")) {
  const { ours, theirs } = name === "mixture" ? mixtures() : single(name);
  let equal = 0;
  let equal64 = 0;
  let largest = 0;
  for (const { query, support, label } of asked) {
    const last = query.at(-1);
    const p = theirs(query, plainHistory(query, support));
    if (!repeats) p[last] = 0;
    const exact = ours.logProbabilities(query, support).map(Math.exp);
    if (!repeats) exact[last] = 0;
    if (apart(exact, p, label, 1e-12).length === 0) equal64++;
    const apart32 = apart(ours.scores(query, support), p.map(Math.fround), label, 0);
    if (apart32.length === 0) equal++;
    for (const item of apart32) largest = Math.max(largest, Math.abs(p[item] - p[label]) / Math.max(p[item], p[label]));
  }
  const cells = [
    name,
    asked.length,
    equal,
    asked.length - equal,
    largest === 0 ? "" : largest.toExponential(1),
    equal64,
  ];
  process.stdout.write(`| ${cells.join(" | ")} |\n`);
}

function single(name) {
  return { ours: countModelKind(name).fit(train.pairs, nItems), theirs: programOf(name, {}) };
}

/** Both programs of the mixture, with weights fitted by the first one. */
function mixtures() {
  const experts = fitExperts(train.pairs, nItems);
  const all = queriesOf(val.pairs);
  const validation = all.filter((_, i) => i % Math.ceil(all.length / 1000) === 0);
  const random = randomStream(1, "normaliser");
  const { mixture } = fitMixture(experts, validation, { repeats, random, withShares: false });
  const own = experts.map(({ countModel }) => {
    const { name, options } = countModel.encode();
    return programOf(name, options);
  });
  const theirs = (query, sessions) => {
    const scores = plainStack(
      own.map((score) => score(query, sessions)),
      mixture.stack.weights,
      sessions.flat(),
    );
    if (!repeats) scores[query.at(-1)] = Number.NEGATIVE_INFINITY;
    const most = scores.reduce((a, b) => Math.max(a, b));
    const p = scores.map((score) => Math.exp(score - most));
    const sum = p.reduce((a, b) => a + b, 0);
    return p.map((value) => value / sum);
  };
  return { ours: mixture, theirs };
}

/** The items that two lists of scores put on different sides of the label, or tie with it in one of them. */
function apart(a, b, label, tolerance) {
  const side = (scores, item) => {
    const near = Math.abs(scores[item] - scores[label]) <= tolerance * Math.max(scores[item], scores[label]);
    return near ? 0 : Math.sign(scores[item] - scores[label]);
  };
  const found = [];
  for (let item = 0; item < nItems; item++) if (side(a, item) !== side(b, item)) found.push(item);
  return found;
}

/** All pairs of a table as queries after a person's first K pairs, or all pairs before. */
function queriesOf(table) {
  return rowsByPerson(table).flatMap((own) => {
    const { sequences, labels } = pairsAt(table, own);
    const before = (count) => ({
      sequences: sequences.slice(0, count).map((s) => Array.from(s)),
      labels: Array.from(labels.slice(0, count)),
    });
    return Array.from(own, (_, i) => ({
      query: Array.from(sequences[i]),
      support: i === 0 ? null : before(Math.min(i, k)),
      label: labels[i],
    }));
  });
}

/** A module of the independent program, which is TypeScript. */
async function reference(name) {
  const entry = new URL(`../src/reference/${name}.ts`, import.meta.url).pathname;
  const { outputFiles } = buildSync({ entryPoints: [entry], bundle: true, format: "esm", write: false });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
