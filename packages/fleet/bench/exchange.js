// Time of one exchange of a meta-gradient's sums between processes on this machine, over TCP:
//
//     node packages/fleet/bench/exchange.js [--ranks 2] [--groups 8] [--values 140695] [--times 50]
//
// prints one line of JSON: milliseconds at rank 0, from its sums to the total (median, min, max), and the bytes that a rank between the
// first and the last sends. --values is the number of parameters: 140,695 is the preset notebook on 343 items.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { exchangeSums, groupsOf } from "../dist/ranks/exchange.js";
import { ThreadLinks } from "../dist/ranks/links.js";

const { values: flags } = parseArgs({
  options: {
    ranks: { type: "string", default: "2" },
    groups: { type: "string", default: "8" },
    values: { type: "string", default: "140695" },
    times: { type: "string", default: "50" },
    rank: { type: "string", default: "0" },
    port: { type: "string", default: "0" },
  },
});
const [ranks, groups, values, times, rank] = ["ranks", "groups", "values", "times", "rank"].map((name) =>
  Number(flags[name]),
);
const token = "of the bench only";

const joined = new Set();
let ready = () => {};
const all = new Promise((resolve) => {
  ready = resolve;
});
const children = [];
const links = new ThreadLinks(
  {
    place: { ranks, rank, host: "127.0.0.1", port: Number(flags.port), token, wait: 60, version: "bench" },
    typed: {},
  },
  {
    onListening: (address) => {
      if (ranks === 1) return ready();
      for (let other = 1; other < ranks; other++) {
        const own = ["--rank", `${other}`, "--port", address.split(":").at(-1)];
        const same = [
          "--ranks",
          flags.ranks,
          "--groups",
          flags.groups,
          "--values",
          flags.values,
          "--times",
          flags.times,
        ];
        children.push(fork(fileURLToPath(import.meta.url), [...same, ...own]));
      }
    },
    onJoined: (other) => {
      joined.add(other);
      if (rank > 0 || joined.size === ranks - 1) ready();
    },
    onLost: () => {},
    onFailed: (error) => {
      throw error;
    },
  },
);
await all;

const { begin, end } = groupsOf(rank, ranks, groups);
const sums = () => Array.from({ length: end - begin }, () => Float32Array.from({ length: values }, Math.random));
const own = { taskLosses: Array.from({ length: 4 * (end - begin) }, () => 1), dTheta: sums(), dAlpha: sums() };
const total = { dTheta: new Float32Array(values), dAlpha: new Float32Array(values) };
const milliseconds = [];
for (let iteration = 1; iteration <= times; iteration++) {
  const start = performance.now();
  const share = { iteration, checksum: 0, tasks: 4 * groups, groupSize: 4, sums: own, total };
  await exchangeSums({ ranks, rank, links }, share);
  milliseconds.push(performance.now() - start);
}
if (rank === 0) {
  // The last frames have arrived when the others have ended.
  await Promise.all(children.map((child) => new Promise((resolve) => child.on("exit", resolve))));
  milliseconds.sort((a, b) => a - b);
  const figure = (i) => Math.round(10 * milliseconds[i]) / 10;
  const last = milliseconds.length - 1;
  const time = { median: figure(last >> 1), min: figure(0), max: figure(last) };
  process.stdout.write(`${JSON.stringify({ ranks, groups, bytes: 8 * values, milliseconds: time })}\n`);
}
await links.close();
