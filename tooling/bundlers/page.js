// The page of the tests: opens a model, asks for two people, keeps the answer. `?worker` names the worker's script.
import { openRecommender } from "@kshot/recommend";

async function answer() {
  const warnings = [];
  const recommender = await openRecommender(new URL("../campus.safetensors", location.href), {
    workers: 2,
    build: "simd",
    onWarning: ({ code }) => warnings.push(code),
    ...(location.search === "?worker" && { worker: () => new Worker("../kshot-worker.js", { type: "module" }) }),
  });
  const people = await recommender.recommendMany(
    [
      ["biology-01", "biology-02"],
      ["design-01", "design-02", "history-03"],
    ],
    { top: 5 },
  );
  const milliseconds = performance.now();
  recommender.close();
  return { people, warnings, milliseconds };
}

globalThis.answer = answer();
