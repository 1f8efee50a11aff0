// The program of the tests for Node: the same as page.js. The argument `worker` names the worker's script.
import { Worker } from "node:worker_threads";
import { openRecommender } from "@kshot/recommend";

const [model, own] = process.argv.slice(2);
const begin = performance.now();
const warnings = [];
const recommender = await openRecommender(model, {
  workers: 2,
  build: "simd",
  onWarning: ({ code }) => warnings.push(code),
  ...(own && { worker: () => new Worker(own) }),
});
const people = await recommender.recommendMany(
  [
    ["biology-01", "biology-02"],
    ["design-01", "design-02", "history-03"],
  ],
  { top: 5 },
);
const milliseconds = performance.now() - begin;
recommender.close();
console.log(JSON.stringify({ people, warnings, milliseconds }));
